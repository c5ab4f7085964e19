/** Beside the talk of a room: who is here, its twins and its pins. */
import { initials, nameOf } from "../format";
import type { Member, Pin, Room } from "../model";
import { Link } from "../parts/link";
import { Disc } from "../parts/marks";
import { Waiting } from "../parts/ui";
import { me, state } from "../store/store";
import { t } from "../text";
import { Pins, moderates } from "./room-about";

const HERE = 12; // people

/** The members with a twin that takes part in the room. */
export const withTwinInside = (members: Member[]) =>
  members.filter(({ twin, is_aeon }) => twin && is_aeon);

interface Props {
  room: Room;
  members: Member[];
  onMembers: () => void;
  onJump: (pin: Pin) => void;
}

function Details({ room, members, onMembers, onJump }: Props) {
  const here = members.filter(
    ({ user_id }) => state.value.status[user_id] && user_id !== me.value?.id,
  );
  const others = members.length - Math.min(here.length, HERE);
  const twins = withTwinInside(members);
  return (
    <>
      <section class="stack s">
        <h2>{t("here-now")}</h2>
        {here.slice(0, HERE).map((member) => {
          const status = state.value.status[member.user_id];
          return (
            <Link key={member.user_id} class="row plain" href={`/people/${member.user_id}`}>
              <Disc id={member.user_id} name={nameOf(member)} size="s" status={status} />
              <span class="grow clip">
                <bdi>{nameOf(member)}</bdi>
              </span>
              {status === "away" && <span class="xs faint">{t("away")}</span>}
            </Link>
          );
        })}
        {here.length === 0 && <p class="small muted">{t("nobody-else-here")}</p>}
        {others > 0 && (
          <button type="button" class="link small" onClick={onMembers}>
            {t("all-members", { count: members.length })}
          </button>
        )}
      </section>
      {twins.length > 0 && (
        <section class="stack s">
          <h2>{t("twins-here")}</h2>
          {twins.map(({ user_id, twin, ...owner }) => (
            <div key={user_id} class="row">
              <span class="who is-twin s" aria-hidden="true">
                {initials(twin!.name).slice(0, 1)}
              </span>
              <span class="grow clip">
                <span class="twin-voice">{twin!.name}</span>{" "}
                <span class="muted small">{t("of-person", { person: nameOf(owner) })}</span>
              </span>
            </div>
          ))}
          <p class="small muted">{t("twins-here-text")}</p>
        </section>
      )}
      <Pins room={room} mayUnpin={moderates(room)} onJump={onJump} />
    </>
  );
}

/** It has its place before the members are there, so that nothing moves when they come. */
export const Aside = ({
  members,
  ...props
}: Omit<Props, "members"> & { members: Member[] | undefined }) => (
  <aside class="aside" aria-label={t("room-details")}>
    {members ? <Details {...props} members={members} /> : <Waiting lines={3} />}
  </aside>
);
