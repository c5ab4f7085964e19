/** Moving in the list of messages: by keys, to a message, to the first unread one, to older ones. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "../api";
import type { Message, Room } from "../model";
import type { useVirtual } from "../parts/virtual";
import { connection, loadOlder, markRead, me, state, trimLog } from "../store/store";
import type { Row } from "./talk";

const NEAR_START = 24; // rows: then older messages are loaded
const OLDER_PAGE = 100;
const JUMP_PAGE = 200;
const MOST_PAGES = 20; // of the way to an older message
export const NEAR_END = 24; // pixels

type List = ReturnType<typeof useVirtual>;

/** The list, and its rows as they were drawn last. */
export interface Place {
  list: List;
  scroller: RefObject<HTMLElement | null>;
  rows: RefObject<Row[]>;
}

/** Loads older messages when the first loaded ones come into view. */
export function useOlder(room_id: string, first: number, hasOlder: boolean) {
  const [isLoading, setLoading] = useState(false);
  useEffect(() => {
    if (isLoading || !hasOlder || first > NEAR_START) return;
    setLoading(true);
    loadOlder(room_id, OLDER_PAGE)
      .catch(() => {})
      .finally(() => setLoading(false));
  }, [first, hasOlder, isLoading, room_id]);
}

/**
 * The room's log does not grow without end while its end is shown, and is short when the room is left. A jump
 * loads messages before it shows them, so until it ends none are dropped. Returns what runs a jump.
 */
export function useTrim(room: Room, scroller: RefObject<HTMLElement | null>) {
  const isJumping = useRef(false);
  useEffect(() => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    if (!isJumping.current && scrollHeight - scrollTop - clientHeight < NEAR_END) trimLog(room.id);
  }, [room.last_seq]);
  useEffect(() => () => trimLog(room.id), [room.id]);
  return async <T>(jump: () => Promise<T>): Promise<T> => {
    isJumping.current = true;
    try {
      return await jump();
    } finally {
      isJumping.current = false;
    }
  };
}

/** The messages that the user sees are read, while the user looks at the page. */
export function useReading(room: Room, list: List, isAtEnd: boolean) {
  useEffect(() => {
    const look = () =>
      document.visibilityState === "visible" &&
      document.hasFocus() &&
      list.isAtEnd(NEAR_END) &&
      markRead(room.id);
    look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, [room.last_seq, room.unread, isAtEnd, connection.value]); // an older snapshot may bring `unread` back
}

/** How many messages of others have come below what the user sees. */
export function useBelow(messages: Message[], last_seq: number, isAtEnd: boolean): number {
  const seenUntil = useRef(last_seq);
  if (isAtEnd) seenUntil.current = last_seq;
  return messages.filter(
    ({ seq, sender_id }) => seq > seenUntil.current && sender_id !== me.value!.id,
  ).length;
}

/** Goes from a message to what can be done with it, and along its buttons and back. */
function walk(from: HTMLElement, step: number) {
  const article = from.closest("article");
  if (!article) return;
  const stops = [article, ...article.querySelectorAll<HTMLElement>("button")];
  stops[stops.indexOf(from) + step]?.focus();
}

/** One message is a tab stop, and keys go from one to the next. */
export function useStop({ list, scroller, rows }: Place, onEscape: () => void) {
  const [at, setAt] = useState<string | null>(null);
  const all = rows.current!;
  const known = all.findIndex(({ key }) => key === at);
  const stop = known >= 0 ? known : all.findLastIndex(({ kind }) => kind === "message");

  const focus = (index: number) => {
    const row = rows.current![index];
    if (row?.kind !== "message") return;
    setAt(row.key);
    list.scrollToIndex(index, { align: "auto" });
    requestAnimationFrame(() =>
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${index}"] > article`)
        ?.focus({ preventScroll: true }),
    );
  };
  const next = (from: number, step: number) => {
    let index = from + step;
    while (all[index] && all[index]!.kind !== "message") index += step;
    return index;
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const target = event.target as HTMLElement;
    if (event.key === "Enter" && target instanceof HTMLButtonElement) return;
    if (event.key === "Escape") onEscape();
    else if (step) focus(next(stop, step));
    else if (event.key === "Home") focus(next(-1, 1));
    else if (event.key === "End") focus(next(all.length, -1));
    else if (event.key === "ArrowRight" || event.key === "Enter") walk(target, 1);
    else if (event.key === "ArrowLeft") walk(target, -1);
    else return;
    event.preventDefault();
  };
  return { stop, setAt, focus, onKey };
}

/** Loads older messages until `isFound`, as far as there are some. */
async function loadUntil(room_id: string, isFound: () => boolean) {
  for (let pages = 0; pages < MOST_PAGES && !isFound(); pages++)
    if (!(await loadOlder(room_id, JUMP_PAGE))) break;
}

/** Shows the first unread message. */
export async function jumpToUnread({ list, rows }: Place, room_id: string) {
  const find = () => rows.current!.findIndex(({ kind }) => kind === "since");
  await loadUntil(room_id, () => find() >= 0);
  list.scrollToIndex(Math.max(0, find()), { align: "start" });
}

/** Shows a message, and loads what is older until it is there. Returns its row, or -1. */
export async function jumpTo(
  { list, rows }: Place,
  room_id: string,
  message_id: string,
  seq?: number,
): Promise<number> {
  const find = () =>
    rows.current!.findIndex(
      (row) => row.kind === "message" && row.message.message_id === message_id,
    );
  if (find() < 0) {
    const wanted = seq ?? (await api.message(room_id, message_id)).seq;
    await loadUntil(
      room_id,
      () => (state.value.logs[room_id]?.messages[0]?.seq ?? 0) <= wanted,
    );
    await new Promise((drawn) => setTimeout(drawn));
  }
  const index = find();
  if (index >= 0) list.scrollToIndex(index, { align: "center" });
  return index;
}
