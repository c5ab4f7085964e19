/** A room: its talk, who is there, and where to write. */
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import * as api from "../api";
import { day, initials, nameOf } from "../format";
import type { Member, Message, Pin, Room } from "../model";
import { useUsernames } from "../parts/completion";
import { Composer, type ComposerHandle } from "../parts/composer";
import { MessageView, PendingView, labelOf } from "../parts/message";
import { Disc, Icon, type Reach } from "../parts/marks";
import { Why } from "../parts/why";
import { Empty, Failed, Show, Waiting, Wrong, useAction, useLoaded } from "../parts/ui";
import { useVirtual } from "../parts/virtual";
import { Bar } from "../shell";
import {
  connection,
  joinRoom,
  loadMessage,
  loadOlder,
  loadRoom,
  markRead,
  me,
  openLog,
  state,
} from "../store/store";
import { isMention } from "../store/state";
import { t } from "../text";
import { RoomMembers } from "./members";
import { Pins, RoomAbout, moderates } from "./room-about";
import { type Row, estimate, rowsOf } from "./talk";

const NEAR_START = 12; // rows: then older messages are loaded
const JUMP_PAGE = 200;
const MOST_PAGES = 20; // of the way to the first unread message

/** Names by user, from the members. */
function useNames(members: Member[] | undefined) {
  const user = me.value!;
  return useMemo(() => {
    const names = new Map(members?.map((member) => [member.user_id, nameOf(member)]));
    return names.set(user.id, nameOf(user));
  }, [members, user]);
}

// --- the list ----------------------------------------------------------------------------------------

/** New messages of others, for a screen reader: at most one a second, and never what scrolls into view. */
function Announcer({
  messages,
  nameOfSender,
}: {
  messages: Message[];
  nameOfSender: (message: Message) => string;
}) {
  const [said, setSaid] = useState("");
  const seen = useRef(messages.at(-1)?.seq ?? 0);
  const last = messages.at(-1);
  useEffect(() => {
    if (!last || last.seq <= seen.current) return;
    const timer = setTimeout(() => {
      seen.current = last.seq;
      if (last.sender_id !== me.value?.id || last.is_aeon_message)
        setSaid(`${labelOf(last, nameOfSender(last))}: ${last.content}`);
    }, 1000);
    return () => clearTimeout(timer);
  }, [last?.seq]);
  return (
    <div class="sr" role="status">
      {said}
    </div>
  );
}

type Jump = (message_id: string, seq?: number) => Promise<void>;

function Talk({
  room,
  rows,
  names,
  composer,
  jumping,
  hasOlder,
}: {
  room: Room;
  rows: Row[];
  names: Map<number, string>;
  composer: () => ComposerHandle | null;
  jumping: RefObject<Jump | null>;
  hasOlder: boolean;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const user = me.value!;
  const messages = state.value.logs[room.id]?.messages ?? [];
  const [at, setAt] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const [why, setWhy] = useState<Message | null>(null);
  const list = useVirtual(scroller, {
    count: rows.length,
    keyOf: (index) => rows[index]?.key ?? String(index),
    estimate: (index) => estimate(rows[index]!),
  });
  const items = list.getVirtualItems();
  const isAtEnd = list.isAtEnd(24);

  const isReady = useRef(false);
  useLayoutEffect(() => {
    if (isReady.current || rows.length === 0) return;
    isReady.current = true;
    list.scrollToEnd();
  });

  const [isLoading, setLoading] = useState(false);
  const first = items[0]?.index ?? 0;
  useEffect(() => {
    if (!isReady.current || isLoading || !hasOlder || first > NEAR_START) return;
    setLoading(true);
    loadOlder(room.id)
      .catch(() => {})
      .finally(() => setLoading(false));
  }, [first, hasOlder, isLoading, room.id]);

  // What one sees is read, when one looks at it.
  useEffect(() => {
    const look = () =>
      document.visibilityState === "visible" &&
      document.hasFocus() &&
      list.isAtEnd(24) &&
      markRead(room.id);
    look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [room.last_seq, isAtEnd, connection.value]);

  const seenUntil = useRef(room.last_seq);
  if (isAtEnd) seenUntil.current = room.last_seq;
  const below = messages.filter(
    ({ seq, sender_id }) => seq > seenUntil.current && sender_id !== user.id,
  ).length;

  const rowsRef = useRef(rows);
  rowsRef.current = rows;
  const focusRow = (index: number) => {
    const row = rowsRef.current[index];
    if (row?.kind !== "message") return;
    setAt(row.key);
    list.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${index}"] > article`)
        ?.focus({ preventScroll: true }),
    );
  };
  const nextMessage = (from: number, step: number) => {
    let index = from + step;
    while (rows[index] && rows[index]!.kind !== "message") index += step;
    return index;
  };
  const current = rows.findIndex(({ key }) => key === at);
  const stop = current >= 0 ? current : rows.findLastIndex(({ kind }) => kind === "message");
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") composer()?.focus();
    else if (step) focusRow(nextMessage(stop, step));
    else if (event.key === "Home") focusRow(nextMessage(-1, 1));
    else if (event.key === "End") focusRow(nextMessage(rows.length, -1));
    else if (event.key === "ArrowRight" || event.key === "Enter")
      (event.target as HTMLElement)
        .closest("article")
        ?.querySelector<HTMLElement>("button")
        ?.focus();
    else return;
    if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
    event.preventDefault();
  };

  const sinceIndex = rows.findIndex(({ kind }) => kind === "since");
  const isSinceAbove =
    sinceIndex >= 0 ? sinceIndex < first : hasOlder && room.unread > messages.length;
  const jumpToUnread = async () => {
    for (
      let pages = 0;
      pages < MOST_PAGES && !rowsRef.current.some(({ kind }) => kind === "since");
      pages++
    )
      if (!(await loadOlder(room.id, JUMP_PAGE))) break;
    const index = rowsRef.current.findIndex(({ kind }) => kind === "since");
    list.scrollToIndex(Math.max(0, index), { align: "start" });
  };
  const indexOf = (message_id: string) =>
    rowsRef.current.findIndex(
      (row) => row.kind === "message" && row.message.message_id === message_id,
    );
  /** Shows a message, and loads what is older until it is there. */
  const jump: Jump = async (message_id, seq) => {
    if (indexOf(message_id) < 0) {
      const wanted = seq ?? (await api.message(room.id, message_id)).seq;
      const oldest = () => state.value.logs[room.id]?.messages[0]?.seq ?? 0;
      for (let pages = 0; pages < MOST_PAGES && oldest() > wanted; pages++)
        if (!(await loadOlder(room.id, JUMP_PAGE))) break;
      await new Promise((drawn) => setTimeout(drawn));
    }
    const index = indexOf(message_id);
    if (index < 0) return;
    list.scrollToIndex(index, { align: "center" });
    setShown(rowsRef.current[index]!.key);
    focusRow(index);
  };
  jumping.current = jump;

  const sender = (message: Message) =>
    names.get(message.sender_id) ?? message.sender_full_name ?? message.sender_name;
  const doing = useMemo(
    () => ({
      reply: (message: Message) => composer()?.reply(message),
      edit: (message: Message) => composer()?.edit(message),
      why: (message: Message) => {
        setWhy(message);
        loadMessage(message.room_id, message.message_id).then(setWhy, () => {});
      },
      jump: (message_id: string) => void jump(message_id).catch(() => {}),
    }),
    [],
  );
  const byId = useMemo(
    () => new Map(messages.map((message) => [message.message_id, message])),
    [messages],
  );
  const usernames = useUsernames(state.value.members[room.id]);
  const pins = state.value.pins[room.id];
  const pinned = useMemo(() => new Set(pins?.map(({ message_id }) => message_id)), [pins]);

  const draw = (row: Row, index: number) => {
    if (row.kind === "start")
      return (
        <div class="start">
          <h2>{room.name}</h2>
          <p class="muted">{room.description ?? t("room-start")}</p>
        </div>
      );
    if (row.kind === "day") return <div class="day">{day(row.at)}</div>;
    if (row.kind === "since")
      return (
        <div class="since" role="separator">
          {t("new-since")}
        </div>
      );
    if (row.kind === "pending")
      return (
        <PendingView
          pending={row.pending}
          isFirst={row.isFirst}
          me={{ id: user.id, name: nameOf(user) }}
          isOffline={connection.value === "down"}
        />
      );
    const { message } = row;
    const original = message.reply_to ? byId.get(message.reply_to) : undefined;
    return (
      <article
        tabIndex={index === stop ? 0 : -1}
        aria-label={labelOf(message, sender(message))}
        onFocus={() => setAt(row.key)}
      >
        <MessageView
          message={message}
          sender={sender(message)}
          isFirst={row.isFirst}
          isMine={message.sender_id === user.id}
          isAt={row.key === shown}
          isNamed={isMention(message, user)}
          usernames={usernames}
          isPinned={pinned.has(message.message_id)}
          mayModerate={moderates(room)}
          original={original}
          originalSender={original ? sender(original) : ""}
          doing={doing}
        />
      </article>
    );
  };

  return (
    <div class="reading">
      {isSinceAbove && (
        <button type="button" class="jump top" onClick={() => void jumpToUnread()}>
          <Icon name="ArrowUp" /> {t("jump-first-unread")}
        </button>
      )}
      <div
        class="scroll"
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t("messages-of", { room: room.name })}
        onKeyDown={onKey}
      >
        <div class="talk">
          <div class="sized" style={{ height: `${list.getTotalSize()}px` }}>
            <div class="window" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
              {items.map(
                ({ key, index }) =>
                  rows[index] && (
                    <div key={key} data-index={index} ref={list.measureElement}>
                      {draw(rows[index], index)}
                    </div>
                  ),
              )}
            </div>
          </div>
        </div>
      </div>
      {!isAtEnd && rows.length > 0 && (
        <button type="button" class="jump" onClick={() => list.scrollToEnd()}>
          <Icon name="ArrowDown" /> {below > 0 ? t("new-below", { count: below }) : t("to-the-end")}
        </button>
      )}
      <Announcer messages={messages} nameOfSender={sender} />
      {why && (
        <Why cites={why.cites} isApproved={why.approved_by !== null} onClose={() => setWhy(null)} />
      )}
    </div>
  );
}

function Typing({ room_id, names }: { room_id: string; names: Map<number, string> }) {
  const typers = (state.value.typing[room_id] ?? []).filter(
    ({ user_id, is_aeon }) => is_aeon || user_id !== me.value?.id,
  );
  const called = (user_id: number, username: string) => names.get(user_id) ?? username;
  const people = typers.filter(({ is_aeon }) => !is_aeon);
  const twins = typers.filter(({ is_aeon }) => is_aeon);
  return (
    <div class="typing" aria-hidden="true">
      {people.length > 0 && (
        <>
          <span class="dots">
            <i />
            <i />
            <i />
          </span>
          <span class="clip">
            {t("typing", {
              count: people.length,
              name: called(people[0]!.user_id, people[0]!.username),
            })}
          </span>
        </>
      )}
      {people.length > 0 && twins.length > 0 && <span class="faint">·</span>}
      {twins.length > 0 && (
        <>
          <span class="pulse" />
          <span class="clip twin-voice">
            {t("twin-composing", { name: called(twins[0]!.user_id, twins[0]!.username) })}
          </span>
        </>
      )}
    </div>
  );
}

// --- beside the talk -----------------------------------------------------------------------------------

const HERE = 12;

function Aside({
  room,
  members,
  onMembers,
  onJump,
}: {
  room: Room;
  members: Member[];
  onMembers: () => void;
  onJump: (pin: Pin) => void;
}) {
  const here = members.filter(
    ({ user_id }) => state.value.status[user_id] && user_id !== me.value?.id,
  );
  const others = members.length - Math.min(here.length, HERE);
  const twins = members.filter(({ twin }) => twin);
  return (
    <aside class="aside" aria-label={t("room-details")}>
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
    </aside>
  );
}

// --- the room --------------------------------------------------------------------------------------------

function Inside({ room }: { room: Room }) {
  const log = state.value.logs[room.id];
  const members = state.value.members[room.id];
  const names = useNames(members);
  const user = me.value!;
  const [error, setError] = useState<unknown>();
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
  useEffect(() => {
    if (!members) loadRoom(room.id).catch(setError);
  }, [!members]);

  const count = room.current_participants;
  const reach: Reach = room.is_public ? 2 : 1;
  const isDirect = room.kind === "direct";
  const audience = isDirect
    ? t("direct-reads", { person: room.other ? nameOf(room.other) : room.name })
    : t(room.is_public ? "everyone-reads" : "members-read", { count });
  const topic = isDirect
    ? t("only-you-two")
    : [room.topic, t("people-count", { count })].filter(Boolean).join(" · ");
  const onJump = ({ message_id, seq }: Pin) => {
    setOpen(null);
    void jumping.current?.(message_id, seq).catch(setError);
  };
  const nameOfSender = (message: Message) => names.get(message.sender_id) ?? message.sender_name;
  return (
    <>
      <main class="main" id="main">
        <Bar title={<bdi>{room.name}</bdi>} topic={topic} back="/">
          <button
            type="button"
            class="btn quiet icon"
            aria-label={t("members")}
            title={t("members")}
            onClick={() => setOpen("members")}
          >
            <Icon name="Users" />
          </button>
          <button
            type="button"
            class="btn quiet icon"
            aria-label={t("about-room")}
            title={t("about-room")}
            onClick={() => setOpen("about")}
          >
            <Icon name="Ellipsis" />
          </button>
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
            nameOf={nameOfSender}
            onSent={() => {}}
            find={(message_id) =>
              log?.messages.find((message) => message.message_id === message_id)
            }
            lastOwn={() =>
              log?.messages.findLast(
                ({ sender_id, is_aeon_message, deleted_at, removed }) =>
                  sender_id === user.id && !is_aeon_message && !deleted_at && !removed,
              )
            }
          />
        )}
      </main>
      {members && (
        <Aside room={room} members={members} onMembers={() => setOpen("members")} onJump={onJump} />
      )}
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
