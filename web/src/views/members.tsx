/** The members of a room: who is in it, inviting, leaving. */
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { PHASE3, call } from "../api";
import { nameOf } from "../format";
import type { Member, Person, Room } from "../model";
import { Disc } from "../parts/marks";
import { FindPerson } from "../parts/find";
import { Dialog, Wrong, useAction } from "../parts/ui";
import { leaveRoom, me, state } from "../store/store";
import { t } from "../text";

function Invite({ room_id }: { room_id: string }) {
  const [invited, setInvited] = useState<string | null>(null);
  const [run, , refusal] = useAction(async (person: Person) => {
    setInvited(null);
    await call("POST", `${PHASE3}/rooms/${room_id}/invitations`, { user_id: person.user_id });
    setInvited(nameOf(person));
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

export function RoomMembers({
  room,
  members,
  onClose,
}: {
  room: Room;
  members: Member[];
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const [leave, isLeaving, refusal] = useAction(async () => {
    await leaveRoom(room.id);
    navigate("/");
  });
  const mine = members.find(({ user_id }) => user_id === me.value?.id);
  const mayInvite = room.kind !== "direct" && (room.is_public || (mine && mine.role !== "member"));
  return (
    <Dialog title={t("members-of", { room: room.name })} onClose={onClose}>
      {mayInvite && <Invite room_id={room.id} />}
      <ul class="list">
        {members.map((member) => (
          <li key={member.user_id} class="person">
            <Disc
              id={member.user_id}
              name={nameOf(member)}
              size="s"
              status={state.value.status[member.user_id]}
            />
            <Link class="clip" href={`/people/${member.user_id}`}>
              <bdi>{nameOf(member)}</bdi>
            </Link>
            {member.role !== "member" && <span class="chip line">{t(`role-${member.role}`)}</span>}
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
      <div>
        <button type="button" class="btn quiet" aria-disabled={isLeaving} onClick={() => leave()}>
          {t("leave-room")}
        </button>
      </div>
    </Dialog>
  );
}
