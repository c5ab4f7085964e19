/** The messages of a room as a list that keeps the place of what is read. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { day, nameOf } from "../format";
import type { Message, Room } from "../model";
import { useUsernames } from "../parts/completion";
import type { ComposerHandle } from "../parts/composer";
import { Icon } from "../parts/marks";
import { MessageView, PendingView, labelOf, textOf } from "../parts/message";
import { useVirtual } from "../parts/virtual";
import { Why } from "../parts/why";
import { isMention } from "../store/state";
import { connection, loadMessage, me, state } from "../store/store";
import { t } from "../text";
import { moderates } from "./room-about";
import { type Row, estimate } from "./talk";
import {
  NEAR_END,
  type Place,
  jumpTo,
  jumpToUnread,
  useBelow,
  useOlder,
  useReading,
  useStop,
  useTrim,
} from "./talk-moves";

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
        setSaid(`${labelOf(last, nameOfSender(last))}: ${textOf(last, Infinity)}`);
    }, 1000);
    return () => clearTimeout(timer);
  }, [last?.seq]);
  return (
    <div class="sr" role="status">
      {said}
    </div>
  );
}

/** A row that is no message of the log. */
function Between({ row, room }: { row: Exclude<Row, { kind: "message" }>; room: Room }) {
  const user = me.value!;
  switch (row.kind) {
    case "start":
      return (
        <div class="start">
          <h2>{room.name}</h2>
          <p class="muted">{room.description ?? t("room-start")}</p>
        </div>
      );
    case "day":
      return <div class="day">{day(row.at)}</div>;
    case "since":
      return (
        <div class="since" role="separator">
          {t("new-since")}
        </div>
      );
    case "pending":
      return (
        <PendingView
          pending={row.pending}
          isFirst={row.isFirst}
          me={{ id: user.id, name: nameOf(user) }}
          isOffline={connection.value === "down"}
        />
      );
  }
}

export type Jump = (message_id: string, seq?: number) => Promise<void>;

export function Talk({
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
  const user = me.value!;
  const messages = state.value.logs[room.id]?.messages ?? [];
  const scroller = useRef<HTMLDivElement>(null);
  const rowsRef = useRef(rows);
  rowsRef.current = rows;
  const list = useVirtual(scroller, {
    count: rows.length,
    keyOf: (index) => rows[index]?.key ?? String(index),
    estimate: (index) => estimate(rows[index]!),
  });
  const items = list.getVirtualItems();
  const isAtEnd = list.isAtEnd(NEAR_END);
  const place: Place = { list, scroller, rows: rowsRef };

  const isReady = useRef(false);
  useLayoutEffect(() => {
    if (isReady.current || rows.length === 0) return;
    isReady.current = true;
    list.scrollToEnd();
  });
  const first = items[0]?.index ?? 0;
  useOlder(room.id, first, hasOlder && isReady.current); // not before the list stands at its end
  const untrimmed = useTrim(room, scroller);
  useReading(room, list, isAtEnd);
  const below = useBelow(messages, room.last_seq, isAtEnd);
  const { stop, setAt, focus, onKey } = useStop(place, () => composer()?.focus());

  const [shown, setShown] = useState<string | null>(null);
  const jump: Jump = async (message_id, seq) => {
    const index = await untrimmed(() => jumpTo(place, room.id, message_id, seq));
    if (index < 0) return;
    setShown(rowsRef.current[index]!.key);
    focus(index);
  };
  jumping.current = jump;
  const sinceIndex = rows.findIndex(({ kind }) => kind === "since");
  const isSinceAbove =
    sinceIndex >= 0 ? sinceIndex < first : hasOlder && room.unread > messages.length;

  const [why, setWhy] = useState<Message | null>(null);
  const doing = useMemo(
    () => ({
      stopAt: setAt,
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
  const sender = (message: Message) =>
    names.get(message.sender_id) ?? message.sender_full_name ?? message.sender_name;

  const draw = (row: Row, index: number) => {
    if (row.kind !== "message") return <Between row={row} room={room} />;
    const { message } = row;
    const original = message.reply_to ? byId.get(message.reply_to) : undefined;
    return (
      <MessageView
        message={message}
        rowKey={row.key}
        sender={sender(message)}
        isStop={index === stop}
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
    );
  };

  return (
    <div class="reading">
      {isSinceAbove && (
        <button
          type="button"
          class="jump top"
          onClick={() => void untrimmed(() => jumpToUnread(place, room.id)).catch(() => {})}
        >
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
