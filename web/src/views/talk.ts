/** What the list of a room's messages has as rows. */
import { dayOf } from "../format";
import type { Message, Pending } from "../model";

export type Row =
  | { kind: "start"; key: string }
  | { kind: "day"; key: string; at: string }
  | { kind: "since"; key: string }
  | { kind: "message"; key: string; message: Message; isFirst: boolean }
  | { kind: "pending"; key: string; pending: Pending; isFirst: boolean };

const GROUP = 5 * 60e3; // milliseconds between messages that stand under one name

function follows(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.sender_id === message.sender_id &&
    before.is_aeon_message === message.is_aeon_message &&
    before.twin?.name === message.twin?.name &&
    !message.reply_to &&
    Date.parse(message.timestamp) - Date.parse(before.timestamp) < GROUP
  );
}

/**
 * `since` is the seq that the user had read up to when the room was opened, or null; a line stands
 * before the first message of others after it.
 */
export function rowsOf(
  messages: Message[],
  pending: Pending[],
  isWhole: boolean,
  since: number | null,
  me: number,
): Row[] {
  const rows: Row[] = isWhole ? [{ kind: "start", key: "start" }] : [];
  let before: Message | undefined;
  let isMarked = since === null;
  for (const message of messages) {
    const isNewDay = before === undefined || dayOf(before.timestamp) !== dayOf(message.timestamp);
    // The first loaded message has no such line: it would go when older ones are loaded.
    if (isNewDay && (before || isWhole))
      rows.push({ kind: "day", key: `day ${dayOf(message.timestamp)}`, at: message.timestamp });
    const isHere = !isMarked && message.seq > since! && message.sender_id !== me;
    if (isHere) rows.push({ kind: "since", key: "since" });
    isMarked ||= isHere;
    // A message keeps its row when the realm acknowledges it.
    const key =
      message.sender_id === me && message.client_id ? message.client_id : message.message_id;
    rows.push({
      kind: "message",
      key,
      message,
      isFirst: isNewDay || isHere || !follows(before, message),
    });
    before = message;
  }
  for (const [index, waiting] of pending.entries()) {
    const isFirst = index === 0 && before?.sender_id !== me;
    rows.push({
      kind: "pending",
      key: waiting.client_id,
      pending: waiting,
      isFirst: isFirst || Boolean(waiting.reply_to),
    });
  }
  return rows;
}

const LINE = 25;
const LETTERS = 78; // in a line of the reader's column

export function estimate(row: Row): number {
  if (row.kind === "start") return 120;
  if (row.kind === "day" || row.kind === "since") return 46;
  const content = row.kind === "message" ? row.message.content : row.pending.content;
  const lines = content
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / LETTERS)), 0);
  return lines * LINE + 14 + (row.isFirst ? 34 : 0);
}
