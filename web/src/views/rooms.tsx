/** All rooms that the user may enter, the invitations, and making a room. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, query } from "../api";
import { nameOf, when } from "../format";
import type { Invitation, Person, Room } from "../model";
import { Choice } from "../parts/choice";
import { Dialog, FormDialog } from "../parts/dialog";
import { FindPerson, useSearchBox } from "../parts/find";
import { FirstSteps, isNew } from "../parts/first-steps";
import { Link } from "../parts/link";
import { Audience, Disc, Icon } from "../parts/marks";
import { openPalette } from "../parts/palette";
import { type Openness, RoomName, WhoReads } from "../parts/room-fields";
import { RoomLink } from "../parts/room-link";
import { Empty, IconButton, More, Show, Wrong, useAction, usePages } from "../parts/ui";
import { Bar } from "../shell";
import {
  createRoom,
  declineInvitation,
  joinRoom,
  me,
  openDirect,
  rooms,
  state,
} from "../store/store";
import { t } from "../text";

export function CreateRoom({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [openness, setOpenness] = useState<Openness>("public");
  const create = async ({ name, topic }: Record<string, string>) => {
    const id = await createRoom({
      name: name!,
      ...(topic ? { topic } : {}),
      is_public: openness === "public",
    });
    navigate(`/rooms/${id}`);
  };
  return (
    <FormDialog title={t("new-room")} button={t("make-room")} onSend={create} onClose={onClose}>
      {(refusal) => (
        <>
          <RoomName refusal={refusal} />
          <WhoReads value={openness} onChoose={setOpenness} />
        </>
      )}
    </FormDialog>
  );
}

const MOST_OTHERS = 7;

/** Choosing people to write to: one, or some who have a room together. */
export function WriteTo({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<Person[]>([]);
  const [run, isBusy, refusal] = useAction(async () => {
    const id = await openDirect(chosen.map(({ user_id }) => user_id));
    onClose();
    navigate(`/rooms/${id}`);
  });
  const without = (id: number) => chosen.filter(({ user_id }) => user_id !== id);
  const isFull = chosen.length === MOST_OTHERS;
  return (
    <Dialog title={t("write-to")} onClose={onClose}>
      <p class="muted small">{t("write-to-text", { count: MOST_OTHERS })}</p>
      {chosen.length > 0 && (
        <ul class="row wrap" aria-label={t("chosen")}>
          {chosen.map((person) => (
            <li key={person.user_id}>
              <button
                type="button"
                class="chip on"
                aria-label={t("leave-out", { person: nameOf(person) })}
                onClick={() => setChosen(without(person.user_id))}
              >
                <bdi>{nameOf(person)}</bdi> <Icon name="X" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Wrong>{refusal.message}</Wrong>
      <button
        type="button"
        class="btn go"
        aria-disabled={isBusy || chosen.length === 0}
        onClick={() => chosen.length > 0 && run()}
      >
        <Icon name="MessageCircle" /> {t("write")}
      </button>
      {!isFull && (
        <FindPerson
          label={t("find-somebody")}
          onChoose={(person) => setChosen([...without(person.user_id), person])}
        />
      )}
    </Dialog>
  );
}

function InvitationCard({ invitation }: { invitation: Invitation }) {
  const [, navigate] = useLocation();
  const [run, isBusy, refusal] = useAction(async () => {
    await joinRoom(invitation.room_id);
    navigate(`/rooms/${invitation.room_id}`);
  });
  const [decline, , unable] = useAction(() => declineInvitation(invitation.room_id));
  const from = invitation.username ?? t("somebody");
  return (
    <div class="card row wrap">
      {invitation.invited_by !== null && <Disc id={invitation.invited_by} name={from} />}
      <div class="grow">
        <p>{t("invites-you", { person: from, room: invitation.name })}</p>
        <p class="small muted">{when(invitation.created_at)}</p>
        <Wrong>{refusal.message ?? unable.message}</Wrong>
      </div>
      <div class="row answer">
        <button type="button" class="btn go s" aria-disabled={isBusy} onClick={() => run()}>
          {t("come-in")}
        </button>
        <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => decline()}>
          {t("not-now")}
        </button>
      </div>
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
  const [isWriting, setWriting] = useState(false);
  const [searchBox, text] = useSearchBox(t("find-room"));
  const [which, setWhich] = useState<Which>("all");
  const filter = { joined: which === "mine" || null, is_aeon_room: which === "twins" || null };
  const found = usePages<Room>(`${PHASE3}/rooms${query({ q: text, limit: 60, ...filter })}`);
  const { invitations } = state.value;
  const user = me.value!;
  const isFirst = isNew(user, rooms.value);
  return (
    <main class="main" id="main">
      <Bar title={t("rooms")} topic={t("rooms-yours", { count: rooms.value.length })}>
        <IconButton
          icon="Search"
          label={t("search-or-jump")}
          class="phone-only"
          onClick={openPalette}
        />
        <Link
          class="btn quiet icon"
          href="/mentions"
          aria-label={t("your-mentions")}
          title={t("your-mentions")}
        >
          <Icon name="AtSign" />
        </Link>
        <Link class="btn quiet icon phone-only" href="/settings" aria-label={t("settings")}>
          <Icon name="Settings" />
        </Link>
        <button
          type="button"
          class="btn"
          aria-label={t("write-to")}
          onClick={() => setWriting(true)}
        >
          <Icon name="MessageCircle" /> <span class="wide-only">{t("write-to")}</span>
        </button>
        <button
          type="button"
          class="btn go"
          aria-label={t("new-room")}
          onClick={() => setCreating(true)}
        >
          <Icon name="Plus" /> <span class="wide-only">{t("new-room")}</span>
        </button>
      </Bar>
      <div class="scroll">
        <div class="page stack l">
          {invitations.map((invitation) => (
            <InvitationCard key={invitation.room_id} invitation={invitation} />
          ))}
          {isFirst && (
            <FirstSteps user={user} rooms={rooms.value} onCreate={() => setCreating(true)} />
          )}
          {rooms.value.length > 0 && <PhoneRooms />}
          <div class="row wrap">
            {searchBox}
            <Choice
              label={t("which-rooms")}
              value={which}
              onChoose={setWhich}
              options={[
                ["all", t("all")],
                ["mine", t("mine")],
                [
                  "twins",
                  <>
                    <Icon name="Twin" /> {t("with-twins")}
                  </>,
                ],
              ]}
            />
          </div>
          <Show of={found}>
            {(items) =>
              items.length === 0 && isFirst && !text ? null : items.length === 0 ? (
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
                <>
                  <div class="grid3">
                    {items.map((room) => (
                      <Door key={room.id} room={room} mine={state.value.rooms[room.id]} />
                    ))}
                  </div>
                  <More of={found} />
                </>
              )
            }
          </Show>
        </div>
      </div>
      {isCreating && <CreateRoom onClose={() => setCreating(false)} />}
      {isWriting && <WriteTo onClose={() => setWriting(false)} />}
    </main>
  );
}

/** On a phone there is no rail, so the user's rooms stand above all others. */
const PhoneRooms = () => (
  <section class="phone-only">
    <h2>{t("your-rooms")}</h2>
    {rooms.value.map((room) => (
      <RoomLink key={room.id} room={room} />
    ))}
  </section>
);
