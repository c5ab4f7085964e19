/** A room: its talk, who is there, and where to write. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";

import * as api from "../api";
import { nameOf } from "../format";
import type { Member, Message, Pin, Room } from "../model";
import { Composer, type ComposerHandle } from "../parts/composer";
import { Link } from "../parts/link";
import { Disc, Ring, type Reach } from "../parts/marks";
import { isShare } from "../parts/message";
import { Typing } from "../parts/typing";
import {
  Empty,
  Failed,
  IconButton,
  Show,
  Waiting,
  Wrong,
  useAction,
  useLimitEnd,
  useLoaded,
} from "../parts/ui";
import { Bar } from "../shell";
import { joinRoom, loadRoom, me, openLog, state } from "../store/store";
import { t } from "../text";
import { RoomMembers } from "./members";
import { RoomAbout, moderates } from "./room-about";
import { Aside, withTwinInside } from "./room-aside";
import { rowsOf } from "./talk";
import { type Jump, Talk } from "./talk-list";

/** Names by user, from the members. */
function useNames(members: Member[] | undefined) {
  const user = me.value!;
  return useMemo(() => {
    const names = new Map(members?.map((member) => [member.user_id, nameOf(member)]));
    return names.set(user.id, nameOf(user));
  }, [members, user]);
}

const FACES = 3;

/** Some members of a room and some of its twins; the dialog of members has all. */
const Faces = ({ members }: { members: Member[] }) => (
  <span class="faces wide-only" aria-hidden="true">
    {members.slice(0, FACES).map((member) => (
      <Disc key={member.user_id} id={member.user_id} name={nameOf(member)} size="s" />
    ))}
    {withTwinInside(members)
      .slice(0, FACES)
      .map(({ user_id, twin }) => (
        <Ring key={user_id} name={twin!.name} size="s" />
      ))}
  </span>
);

function Inside({ room }: { room: Room }) {
  const log = state.value.logs[room.id];
  const members = state.value.members[room.id];
  const names = useNames(members);
  const user = me.value!;
  const [error, setError] = useState<unknown>();
  const [membersError, setMembersError] = useState<unknown>();
  const [open, setOpen] = useState<"members" | "about" | null>(null);
  const jumping = useRef<Jump>(null);
  const [since] = useState(room.unread > 0 ? room.read_seq : null);
  const composer = useRef<ComposerHandle>(null);
  const pending = useMemo(
    () => state.value.pending.filter(({ room_id }) => room_id === room.id),
    [state.value.pending, room.id],
  );
  const rows = useMemo(
    () => (log ? rowsOf(log.messages, pending, log.isWhole, since, user.id) : []),
    [log, pending, since, user.id],
  );

  const loadLog = useCallback(() => {
    setError(undefined);
    openLog(room.id).catch(setError);
  }, [room.id]);
  useEffect(() => {
    if (!log) loadLog();
  }, [!log]);
  // The messages are read first: they do not wait for the members.
  const isShown = Boolean(log || error);
  const loadMembers = useCallback(() => void loadRoom(room.id).catch(setMembersError), [room.id]);
  useEffect(() => {
    if (isShown && !members) loadMembers();
  }, [isShown, !members]);
  useLimitEnd(membersError, loadMembers);

  const count = room.current_participants;
  const reach: Reach = room.is_public ? 2 : 1;
  const isDirect = room.kind === "direct";
  const readers = isDirect
    ? t("direct-reads", { person: room.other ? nameOf(room.other) : room.name })
    : t(room.is_public ? "everyone-reads" : "members-read", { count });
  // The twin of a member draws on the room also when it takes no part in it.
  const twins = members?.filter(({ twin }) => twin).length ?? 0;
  const audience = twins > 0 ? `${readers} · ${t("twins-remember", { count: twins })}` : readers;
  const topic = isDirect
    ? t("only-you-two")
    : [room.topic, t("people-count", { count })].filter(Boolean).join(" · ");
  const [path, navigate] = useLocation();
  const at = new URLSearchParams(useSearch()).get("at");
  useEffect(() => {
    if (!at || !log) return;
    navigate(path, { replace: true });
    void jumping.current?.(at).catch(() => {});
  }, [at, Boolean(log)]);

  const onJump = ({ message_id, seq }: Pin) => {
    setOpen(null);
    void jumping.current?.(message_id, seq).catch(setError);
  };
  const nameOfSender = (message: Message) => names.get(message.sender_id) ?? message.sender_name;
  return (
    <>
      <main class="main" id="main">
        <Bar title={<bdi>{room.name}</bdi>} topic={topic} back="/">
          {members && <Faces members={members} />}
          <IconButton icon="Users" label={t("members")} onClick={() => setOpen("members")} />
          <IconButton icon="Ellipsis" label={t("about-room")} onClick={() => setOpen("about")} />
        </Bar>
        {log ? (
          <Talk
            room={room}
            rows={rows}
            names={names}
            composer={() => composer.current}
            jumping={jumping}
            hasOlder={!log.isWhole}
          />
        ) : (
          <div class="reading">
            <div class="scroll">
              <div class="talk">
                {error ? <Failed error={error} again={loadLog} /> : <Waiting lines={6} />}
              </div>
            </div>
          </div>
        )}
        <Typing room_id={room.id} names={names} />
        {room.is_closed ? (
          <p class="composer muted">{t("room-closed")}</p>
        ) : (
          <Composer
            ref={composer}
            room_id={room.id}
            me={user.id}
            reach={reach}
            audience={audience}
            members={members ?? []}
            isModerator={moderates(room)}
            nameOf={nameOfSender}
            onSent={() => {}}
            find={(message_id) =>
              log?.messages.find((message) => message.message_id === message_id)
            }
            lastOwn={() =>
              log?.messages.findLast(
                (message) =>
                  message.sender_id === user.id &&
                  !message.is_aeon_message &&
                  !message.deleted_at &&
                  !message.removed &&
                  !isShare(message),
              )
            }
          />
        )}
      </main>
      <Aside room={room} members={members} onMembers={() => setOpen("members")} onJump={onJump} />
      {open === "members" && (
        <RoomMembers room={room} members={members ?? []} onClose={() => setOpen(null)} />
      )}
      {open === "about" && <RoomAbout room={room} onJump={onJump} onClose={() => setOpen(null)} />}
    </>
  );
}

function Outside({ id }: { id: string }) {
  const room = useLoaded(() => api.roomWithMembers(id), [id]);
  const [run, isBusy, refusal] = useAction(() => joinRoom(id));
  const isGone = room.error instanceof api.ApiError && room.error.status === 404;
  return (
    <main class="main" id="main">
      <Bar title={room.value?.name ?? t("room")} back="/" />
      <div class="scroll">
        <div class="page narrow">
          {isGone ? (
            <Empty title={t("no-room")}>
              <p>{t("no-room-text")}</p>
              <Link class="btn" href="/">
                {t("rooms")}
              </Link>
            </Empty>
          ) : (
            <Show of={room}>
              {(found) => (
                <Empty title={found.name}>
                  <p>{found.topic ?? found.description}</p>
                  <p class="small muted">
                    {t("people-count", { count: found.current_participants })}
                  </p>
                  <Wrong>{refusal.message}</Wrong>
                  <button type="button" class="btn go" aria-disabled={isBusy} onClick={() => run()}>
                    {t("come-in")}
                  </button>
                </Empty>
              )}
            </Show>
          )}
        </div>
      </div>
    </main>
  );
}

export function RoomView({ id }: { id: string }) {
  const room = state.value.rooms[id];
  return room ? <Inside room={room} /> : <Outside id={id} />;
}
