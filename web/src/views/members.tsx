/** The members of a room, invitations to it, and the actions of its moderators. */
import { useState } from "preact/hooks";

import { PHASE3, call, get, query } from "../api";
import { nameOf } from "../format";
import type { Member, Person, Room } from "../model";
import { Dialog } from "../parts/dialog";
import { FindPerson, useSearchBox } from "../parts/find";
import { RoomLinkMaker } from "../parts/invite-link";
import { Link } from "../parts/link";
import { Disc, Icon } from "../parts/marks";
import { type Loaded, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { isAdministrator, loadRoom, me, state } from "../store/store";
import { t } from "../text";
import { moderates } from "./room-about";

type Deed = "role" | "remove" | "ban";
const RANKS = { owner: 2, moderator: 1, member: 0 };
const roomPath = ({ id }: Room) => `${PHASE3}/rooms/${id}`;

function Invite({ room, onInvited }: { room: Room; onInvited: () => void }) {
  const [invited, setInvited] = useState<string | null>(null);
  const [run, , refusal] = useAction(async (person: Person) => {
    setInvited(null);
    await call("POST", `${roomPath(room)}/invitations`, { user_id: person.user_id });
    setInvited(nameOf(person));
    onInvited();
  });
  return (
    <div class="stack s">
      <FindPerson label={t("invite-somebody")} onChoose={run} />
      {invited && (
        <p class="small" role="status">
          {t("invited", { person: invited })}
        </p>
      )}
      <Wrong>{refusal.message}</Wrong>
    </div>
  );
}

function MemberRow({
  room,
  member,
  onChange,
}: {
  room: Room;
  member: Member;
  onChange: (what: Deed) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const path = `${roomPath(room)}/participants/${member.user_id}`;
  const [change, isBusy, refusal] = useAction(async (what: Deed) => {
    if (what === "role")
      await call("PUT", path, { role: member.role === "member" ? "moderator" : "member" });
    else await call("DELETE", what === "ban" ? `${path}?ban=true` : path);
    await loadRoom(room.id);
    onChange(what);
  });
  const isMine = member.user_id === me.value?.id;
  const mayChange = room.my_role && !isMine && RANKS[room.my_role] > RANKS[member.role];
  const name = nameOf(member);
  const act = (what: Deed, text: string) => (
    <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => change(what)}>
      {t(text)}
    </button>
  );
  return (
    <li class="person">
      <Disc id={member.user_id} name={name} size="s" status={state.value.status[member.user_id]} />
      <span class="row">
        <Link class="clip" href={`/people/${member.user_id}`}>
          <bdi>{name}</bdi>
        </Link>
        {member.role !== "member" && <span class="chip line">{t(`role-${member.role}`)}</span>}
      </span>
      {mayChange && (
        <button
          type="button"
          class="btn quiet icon s"
          aria-expanded={isOpen}
          aria-label={t("actions-for", { person: name })}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="Ellipsis" />
        </button>
      )}
      {mayChange && isOpen && (
        <div class="row wrap across">
          {room.my_role === "owner" &&
            act("role", member.role === "member" ? "make-moderator" : "make-member")}
          {act("remove", "remove-member")}
          {act("ban", "ban-member")}
          <Wrong>{refusal.message}</Wrong>
        </div>
      )}
    </li>
  );
}

interface Listed {
  room: Room;
  members: Member[];
  onChange: (what: Deed) => void;
}

const Rows = ({ room, members, onChange }: Listed) => (
  <ul class="list">
    {members.map((member) => (
      <MemberRow key={member.user_id} room={room} member={member} onChange={onChange} />
    ))}
  </ul>
);

/** Of a room with so many members that not all are loaded. */
function MemberPages({ room, text, onChange }: Omit<Listed, "members"> & { text: string }) {
  const found = usePages<Member>(`${roomPath(room)}/participants${query({ q: text, limit: 50 })}`);
  const changed = (what: Deed) => {
    found.again();
    onChange(what);
  };
  return (
    <Show of={found} lines={6}>
      {(members) => (
        <>
          {members.length === 0 && <p class="muted">{t("nothing-found", { text })}</p>}
          <Rows room={room} members={members} onChange={changed} />
          <More of={found} />
        </>
      )}
    </Show>
  );
}

const SEARCHED_FROM = 12; // members

function MemberList(list: Listed) {
  const { room, members } = list;
  const [searchBox, text] = useSearchBox(t("find-member"));
  const wanted = text.toLowerCase();
  const found = members.filter((member) =>
    `${nameOf(member)} ${member.username}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      {members.length >= SEARCHED_FROM && searchBox}
      {room.more_participants ? (
        <MemberPages room={room} text={text} onChange={list.onChange} />
      ) : (
        <>
          {text && found.length === 0 && <p class="muted">{t("nothing-found", { text })}</p>}
          <Rows {...list} members={found} />
        </>
      )}
    </>
  );
}

/** People outside the room: a moderator can take back an invitation or a ban. */
function Outside({
  title,
  button,
  list,
  onUndo,
}: {
  title: string;
  button: string;
  list: Pick<Loaded<{ user_id: number; username: string | null }[]>, "value" | "again">;
  onUndo: (user_id: number) => Promise<unknown>;
}) {
  const [undo, isBusy, refusal] = useAction(async (user_id: number) => {
    await onUndo(user_id);
    list.again();
  });
  if (!list.value?.length) return null;
  return (
    <section class="stack s">
      <h3>{title}</h3>
      <ul class="list">
        {list.value.map(({ user_id, username }) => (
          <li key={user_id} class="person">
            <Disc id={user_id} name={username ?? ""} size="s" />
            <span class="clip">
              <bdi>{username}</bdi>
            </span>
            <button
              type="button"
              class="btn s"
              aria-disabled={isBusy}
              onClick={() => undo(user_id)}
            >
              {button}
            </button>
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

const nobody = Promise.resolve<Person[]>([]);

export function RoomMembers({
  room,
  members,
  onClose,
}: {
  room: Room;
  members: Member[];
  onClose: () => void;
}) {
  const isRoom = (room.kind ?? "room") === "room";
  const isModerator = moderates(room);
  const ifModerator = (path: string, signal: AbortSignal): Promise<Person[]> =>
    isModerator ? get<Person[]>(`${roomPath(room)}/${path}?limit=200`, signal) : nobody;
  const invited = useLoaded(
    (signal) => ifModerator("invitations", signal),
    [room.id, isModerator, members.length],
  );
  const banned = useLoaded((signal) => ifModerator("bans", signal), [room.id, isModerator]);
  return (
    <Dialog title={t("members-of", { room: room.name })} onClose={onClose}>
      {isRoom && (room.is_public || isModerator) && (
        <Invite room={room} onInvited={invited.again} />
      )}
      {isModerator && isAdministrator() && <RoomLinkMaker room={room} />}
      <MemberList
        room={room}
        members={members}
        onChange={(what) => what === "ban" && banned.again()}
      />
      <Outside
        title={t("invited-people")}
        button={t("take-back")}
        list={invited}
        onUndo={(id) => call("DELETE", `${roomPath(room)}/participants/${id}`)}
      />
      <Outside
        title={t("banned-people")}
        button={t("end-ban")}
        list={banned}
        onUndo={(id) => call("DELETE", `${roomPath(room)}/bans/${id}`)}
      />
    </Dialog>
  );
}
