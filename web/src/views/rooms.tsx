/** All rooms that the user may enter, the invitations, and making a room. */
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { PHASE3, page, query } from "../api";
import { when } from "../format";
import type { Invitation, Room } from "../model";
import { Audience, Disc, Icon } from "../parts/marks";
import { Choice, Dialog, Empty, Field, Form, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { openPalette } from "../parts/palette";
import { Bar } from "../shell";
import { createRoom, joinRoom, rooms, state } from "../store/store";
import { t } from "../text";

export function CreateRoom({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [isPublic, setPublic] = useState<"public" | "invited">("public");
  const [run, isBusy, refusal] = useAction(async ({ name, topic }: Record<string, string>) => {
    const id = await createRoom({
      name: name!,
      ...(topic ? { topic } : {}),
      is_public: isPublic === "public",
    });
    onClose();
    navigate(`/rooms/${id}`);
  });
  return (
    <Dialog title={t("new-room")} onClose={onClose}>
      <Form class="stack" onSend={run}>
        <Field
          label={t("room-name")}
          name="name"
          maxLength={100}
          wrong={refusal.of("name")}
          required
          autoFocus
        />
        <Field label={t("room-topic")} name="topic" maxLength={255} wrong={refusal.of("topic")} />
        <fieldset class="stack s">
          <legend class="small">
            <b>{t("who-reads")}</b>
          </legend>
          <Choice
            label={t("who-reads")}
            value={isPublic}
            onChoose={setPublic}
            options={[
              ["public", t("visibility-public")],
              ["invited", t("invited-only")],
            ]}
          />
          <p class="small muted">
            {t(isPublic === "public" ? "public-room-text" : "private-room-text")}
          </p>
        </fieldset>
        <Wrong>{refusal.message}</Wrong>
        <div class="row">
          <button class="btn go" aria-disabled={isBusy}>
            {t("make-room")}
          </button>
          <button type="button" class="btn quiet" onClick={onClose}>
            {t("cancel")}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

function InvitationCard({ invitation }: { invitation: Invitation }) {
  const [, navigate] = useLocation();
  const [run, isBusy, refusal] = useAction(async () => {
    await joinRoom(invitation.room_id);
    navigate(`/rooms/${invitation.room_id}`);
  });
  const from = invitation.username ?? t("somebody");
  return (
    <div class="card row wrap">
      {invitation.invited_by !== null && <Disc id={invitation.invited_by} name={from} />}
      <div class="grow">
        <p>{t("invites-you", { person: from, room: invitation.name })}</p>
        <p class="small muted">{when(invitation.created_at)}</p>
        <Wrong>{refusal.message}</Wrong>
      </div>
      <button type="button" class="btn go s" aria-disabled={isBusy} onClick={() => run()}>
        {t("come-in")}
      </button>
    </div>
  );
}

function Door({ room, mine }: { room: Room; mine: Room | undefined }) {
  return (
    <Link class="door" href={`/rooms/${room.id}`}>
      <div class="row">
        <Audience reach={room.is_public ? 2 : 1}>
          {t(room.is_public ? "visibility-public" : "invited-only")}
        </Audience>
        <span class="grow" />
        {room.is_aeon_room && <span class="chip twin">{t("twins-talk")}</span>}
        {mine && mine.unread > 0 && <span class="chip on">{t("unread")}</span>}
      </div>
      <h2 class="clip">
        <bdi>{room.name}</bdi>
      </h2>
      <p class="muted small lines">{room.topic ?? room.description}</p>
      <div class="foot">
        <span class="small faint">{t("people-count", { count: room.current_participants })}</span>
        <span class="xs faint">{mine?.last ? when(mine.last.at) : mine ? t("yours") : ""}</span>
      </div>
    </Link>
  );
}

type Which = "all" | "mine" | "twins";

export function RoomsView() {
  const [isCreating, setCreating] = useState(false);
  const [text, setText] = useState("");
  const [which, setWhich] = useState<Which>("all");
  const found = useLoaded(
    (signal) =>
      page<Room>(
        `${PHASE3}/rooms${query({ q: text, limit: 60, joined: which === "mine" ? true : null, is_aeon_room: which === "twins" ? true : null })}`,
        signal,
      ),
    [text, which],
  );
  const { invitations } = state.value;
  return (
    <main class="main" id="main">
      <Bar title={t("rooms")} topic={t("rooms-yours", { count: rooms.value.length })}>
        <button
          type="button"
          class="btn quiet icon phone-only"
          aria-label={t("search-or-jump")}
          onClick={openPalette}
        >
          <Icon name="Search" />
        </button>
        <Link class="btn quiet icon phone-only" href="/settings" aria-label={t("settings")}>
          <Icon name="Settings" />
        </Link>
        <button type="button" class="btn go" onClick={() => setCreating(true)}>
          <Icon name="Plus" /> {t("new-room")}
        </button>
      </Bar>
      <div class="scroll">
        <div class="page stack l">
          {invitations.map((invitation) => (
            <InvitationCard key={invitation.room_id} invitation={invitation} />
          ))}
          {rooms.value.length > 0 && <PhoneRooms />}
          <div class="row wrap">
            <div class="searchbox grow">
              <Icon name="Search" />
              <input
                class="input search"
                type="search"
                value={text}
                placeholder={t("find-room")}
                aria-label={t("find-room")}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            </div>
            <Choice
              label={t("which-rooms")}
              value={which}
              onChoose={setWhich}
              options={[
                ["all", t("all")],
                ["mine", t("mine")],
                ["twins", t("with-twins")],
              ]}
            />
          </div>
          <Show of={found}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty title={text ? t("nothing-found", { text }) : t("no-rooms")}>
                  {!text && (
                    <>
                      <p>{t("no-rooms-text")}</p>
                      <button type="button" class="btn" onClick={() => setCreating(true)}>
                        {t("new-room")}
                      </button>
                    </>
                  )}
                </Empty>
              ) : (
                <div class="grid3">
                  {items.map((room) => (
                    <Door key={room.id} room={room} mine={state.value.rooms[room.id]} />
                  ))}
                </div>
              )
            }
          </Show>
        </div>
      </div>
      {isCreating && <CreateRoom onClose={() => setCreating(false)} />}
    </main>
  );
}

/** On a phone there is no rail, so the user's rooms stand above all others. */
const PhoneRooms = () => (
  <section class="phone-only">
    <h2>{t("your-rooms")}</h2>
    {rooms.value.map((room) => (
      <Link
        key={room.id}
        href={`/rooms/${room.id}`}
        class={`roomlink ${room.unread > 0 && room.muted_until === null ? "unread" : ""}`}
      >
        <span class="name clip">
          <bdi>{room.name}</bdi>
        </span>
        <span class="when">{room.last && when(room.last.at)}</span>
        <span class="last clip">
          {room.last ? `${room.last.sender_name}: ${room.last.excerpt}` : room.topic}
        </span>
        {room.mentions > 0 ? (
          <span class="count" aria-label={t("mentions", { count: room.mentions })}>
            {room.mentions}
          </span>
        ) : room.unread > 0 ? (
          <span class="dotmark">
            <span class="sr">{t("unread")}</span>
          </span>
        ) : (
          <span />
        )}
      </Link>
    ))}
  </section>
);
