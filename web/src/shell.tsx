/** The frame of every view: the places, the user's rooms, and what is said about the connection. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { nameOf } from "./format";
import { Link } from "./parts/link";
import { Disc, Icon, Mark, Ring } from "./parts/marks";
import { Palette, isPaletteOpen, openPalette } from "./parts/palette";
import { RoomLink } from "./parts/room-link";
import { IconButton, useSeconds } from "./parts/ui";
import {
  connection,
  isAdministrator,
  markAllRead,
  me,
  reconnectNow,
  retryAt,
  rooms,
  state,
} from "./store/store";
import { t } from "./text";
import { CreateRoom, WriteTo } from "./views/rooms";

const PLACES = [
  ["/", "House", "rooms"],
  ["/people", "Users", "people"],
  ["/knowledge", "BookOpen", "knowledge"],
  ["/twin", "Twin", "your-twin"],
  ["/network", "Waypoints", "network"],
] as const;

const WITHIN: Record<string, RegExp> = { "/": /^\/($|rooms)/, "/twin": /^\/(twin|letters)/ };
const isIn = (place: string, path: string) => WITHIN[place]?.test(path) ?? path.startsWith(place);

const page = (isHere: boolean) => (isHere ? ("page" as const) : undefined);

/** A place that administrators have besides. */
const REALM = ["/admin", "Shield", "the-realm"] as const;
const placesOf = (isAdmin: boolean) => (isAdmin ? [...PLACES, REALM] : PLACES);

const Badge = ({ place }: { place: string }) => {
  const { invitations, drafts, reports } = state.value;
  if (place === "the-realm" && reports)
    return <span class="chip line">{t("reports-waiting", { count: reports })}</span>;
  if (place === "rooms" && invitations.length)
    return <span class="chip line">{t("invitations", { count: invitations.length })}</span>;
  if (place === "your-twin" && drafts)
    return <span class="chip twin">{t("drafts", { count: drafts })}</span>;
  return null;
};

function Nav() {
  const [path] = useLocation();
  const [open, setOpen] = useState<"room" | "talk" | null>(null);
  const user = me.value;
  return (
    <nav class="nav" aria-label={t("realm")}>
      <div class="brand">
        <Mark />
        <span class="grow clip">{t("realm")}</span>
      </div>
      <div class="places">
        <button type="button" class="input jumpbox" onClick={openPalette}>
          <Icon name="Search" />
          <span class="grow">{t("search-or-jump")}</span>
          <kbd>{t("search-key")}</kbd>
        </button>
      </div>
      <div class="places">
        {placesOf(isAdministrator()).map(([place, icon, name]) => (
          <Link key={place} class="place" href={place} aria-current={page(isIn(place, path))}>
            <Icon name={icon} />
            <span class="grow">{t(name)}</span>
            <Badge place={name} />
          </Link>
        ))}
      </div>
      {user && (
        <>
          <h2>
            <span>{t("your-rooms")}</span>
            <span class="row">
              {rooms.value.some(({ unread }) => unread > 0) && (
                <IconButton icon="Check" label={t("mark-all-read")} class="s" onClick={markAllRead} />
              )}
              <IconButton
                icon="MessageCircle"
                label={t("write-to")}
                class="s"
                onClick={() => setOpen("talk")}
              />
              <IconButton icon="Plus" label={t("new-room")} class="s" onClick={() => setOpen("room")} />
            </span>
          </h2>
          <div class="rooms">
            {rooms.value.map((room) => (
              <RoomLink key={room.id} room={room} isHere={path === `/rooms/${room.id}`} />
            ))}
          </div>
          <div class="me">
            <Link class="pair plain" href={`/people/${user.id}`}>
              <span class="sr">{t("your-page")}</span>
              <Disc
                id={user.id}
                name={nameOf(user)}
                status={connection.value === "up" ? "connected" : undefined}
              />
              {user.twin && <Ring name={user.twin.name} size="s" />}
            </Link>
            <span class="grow">
              <b class="clip">{nameOf(user)}</b>
              <span class="small muted clip">
                <span>{t(`you-are-${connection.value}`)}</span>
                {user.twin && ` · ${t("twin-named", { twin: user.twin.name })}`}
              </span>
            </span>
            <Link class="btn quiet icon s" href="/settings" aria-label={t("settings")}>
              <Icon name="Settings" />
            </Link>
          </div>
        </>
      )}
      {open === "room" && <CreateRoom onClose={() => setOpen(null)} />}
      {open === "talk" && <WriteTo onClose={() => setOpen(null)} />}
    </nav>
  );
}

const Tabbar = () => {
  const [path] = useLocation();
  const mentions = rooms.value.reduce((sum, room) => sum + room.mentions, 0);
  const counts: Record<string, number> = {
    rooms: mentions + state.value.invitations.length,
    "your-twin": state.value.drafts,
  };
  return (
    <nav class="tabbar" aria-label={t("places")}>
      {PLACES.map(([place, icon, name]) => (
        <Link key={place} href={place} aria-current={page(isIn(place, path))}>
          <Icon name={icon} />
          <span>{t(name === "your-twin" ? "twin" : name)}</span>
          {Boolean(counts[name]) && <span class="count">{counts[name]}</span>}
        </Link>
      ))}
    </nav>
  );
};

/** What is said about the connection while there is none. */
export function Strip() {
  const seconds = useSeconds(retryAt.value);
  if (connection.value !== "down") return null;
  const waiting = state.value.pending.filter(({ failed }) => failed === null).length;
  return (
    <div class="strip" role="status">
      <Icon name="WifiOff" />
      <span class="grow">
        {t("offline")} {waiting > 0 && t("offline-waiting", { count: waiting })}
      </span>
      {retryAt.value !== null && (
        <span class="num wide-only" aria-hidden="true">
          {t("next-try", { seconds })}
        </span>
      )}
      <button type="button" onClick={reconnectNow}>
        {t("try-now")}
      </button>
    </div>
  );
}

export function Shell({ children }: { children: ComponentChildren }) {
  const [path] = useLocation();
  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      openPalette();
    };
    addEventListener("keydown", jump);
    return () => removeEventListener("keydown", jump);
  }, []);
  const isRoom = path.startsWith("/rooms/");
  return (
    <div class={`app ${isRoom ? "in-room" : ""}`}>
      <a class="skip" href="#main">
        {t("skip")}
      </a>
      <Nav />
      {children}
      {!isRoom && <Tabbar />}
      {isPaletteOpen.value && <Palette />}
    </div>
  );
}

/** The top of a view. */
export function Bar({
  title,
  topic,
  back,
  children,
}: {
  title: ComponentChildren;
  topic?: ComponentChildren;
  back?: string;
  children?: ComponentChildren;
}) {
  return (
    <>
      <header class="bar">
        {back && (
          <Link class="btn quiet icon phone-only" href={back} aria-label={t("back")}>
            <Icon name="ArrowLeft" />
          </Link>
        )}
        <div class="grow">
          <h1 class="clip">{title}</h1>
          {topic && <p class="topic clip">{topic}</p>}
        </div>
        {children}
      </header>
      <Strip />
    </>
  );
}
