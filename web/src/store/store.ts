/**
 * The one store: a signal with the state, the live connection that feeds it, and what the user can do.
 * Views read `state` and call the functions here.
 */
import { batch, computed, signal } from "@preact/signals";
import { navigate } from "wouter-preact/use-browser-location";

import { AeonRealm, type RealmError } from "../../../clients/js/aeon-realm.js";
import { type Frames, KeptOutbox } from "../../../clients/js/kept-outbox.js";
import * as api from "../api";
import { ApiError, PHASE3, session } from "../api";
import type { Message, Pending, Snapshot } from "../model";
import { wipeDrafts } from "./drafts";
import { Gathered } from "./gathered";
import { giveNotice } from "./notices";
import { type Question, type Told, questionsAfter } from "./questions";
import { byActivity, isMention, nothing, reduce, type State } from "./state";

export type Connection = "connecting" | "up" | "down";

export const state = signal<State>(nothing);
export const connection = signal<Connection>("connecting");
export const retryAt = signal<number | null>(null);
const waiting = signal(0); // messages that the realm has not acknowledged
const pausedUntil = signal<number | null>(null); // when the client sends again, after a limit
/** When the messages that wait because of a limit are sent. */
export const restAt = computed(() => (waiting.value > 0 ? pausedUntil.value : null));
export const signedIn = signal(session.mayExist);
export const endedElsewhere = signal(false);
export const rooms = computed(() => byActivity(state.value.rooms));
export const me = computed(() => state.value.me);
export const isAdministrator = () => me.value !== null && me.value.role !== "user";

const PAGE = 50;
const FAILED = "aeon.failed."; // what the realm has refused, until the user discards it

let realm: AeonRealm | null = null;
let kept: KeptOutbox | null = null; // null: the browser keeps nothing
let held: [type: string, data: unknown, pos: number][] | null = null; // while a snapshot is loaded
let tryFirst = () => {}; // asks for the first snapshot before its time

export function apply(type: string, data: unknown) {
  state.value = reduce(state.value, type, data);
}

// --- the connection ----------------------------------------------------------------------------------

/** Resolves when the first snapshot is there. The connection goes on from its position. */
export async function begin(): Promise<void> {
  if (!session.mayExist || realm) return;
  signedIn.value = true;
  endedElsewhere.value = false;
  const first = await firstSnapshot();
  if (!first || !signedIn.value) return;
  const { epoch, pos, me: user } = first;
  kept = await KeptOutbox.open(String(user.id)).catch(() => null);
  // The login's cookie says who asks, so there is no token.
  realm = new AeonRealm(location.origin, null, { state: { epoch, pos }, ...(kept ? { kept } : {}) });
  realm.on("*", onEvent);
  realm.connect().catch(() => {});
  restoreFailed();
  kept?.frames.forEach(restore);
}

/** Asks until the realm gives it. null: the session has ended meanwhile. */
async function firstSnapshot() {
  for (let delay = 1000; ; delay = Math.min(2 * delay, 30_000)) {
    try {
      return await refresh();
    } catch (error) {
      if (!signedIn.value) return null;
      if (!(error instanceof ApiError && error.mayPass)) throw error;
      const at = Math.max(error.retryAt, Date.now() + delay * (0.5 + Math.random() / 2));
      batch(() => {
        connection.value = "down";
        retryAt.value = at;
      });
      await new Promise<void>((tryNow) => {
        tryFirst = tryNow;
        setTimeout(tryNow, at - Date.now());
      });
      if (!signedIn.value) return null;
      connection.value = "connecting";
    }
  }
}

/**
 * Loads a new snapshot, then applies the events that arrived during the load; if it fails, all of them. If the user
 * has signed out meanwhile, nothing is applied.
 */
async function refresh() {
  const later: typeof held = (held = []);
  const settle = (snapshot: Snapshot | null) => {
    if (held !== later) return;
    held = null;
    batch(() => {
      if (snapshot) apply("snapshot", snapshot);
      for (const [type, data, pos] of later) if (!(pos <= (snapshot?.pos ?? -1))) apply(type, data);
    });
  };
  try {
    const snapshot = await api.snapshot();
    settle(snapshot);
    return snapshot;
  } catch (error) {
    settle(null);
    throw error;
  }
}

/** `more` is the position of an event, or the delay after which the client connects again. */
function onEvent(type: string, data: unknown, more: number | null) {
  if (type === "up") {
    connection.value = "up";
    retryAt.value = null;
    if ((data as { transport: string }).transport === "poll") lookAround();
  } else if (type === "taken_over") {
    (data as Frames[]).forEach(restore);
  } else if (type === "down") {
    connection.value = "down";
    retryAt.value = more === null ? null : Date.now() + more;
  } else if (type === "paused") {
    const { code, delay } = data as { code: string; delay: number };
    if (code === "rate_limited") pausedUntil.value = Date.now() + delay;
  } else if (type === "outbox") {
    if (waiting.value === 0 && (pausedUntil.value ?? 0) < Date.now()) pausedUntil.value = null;
    waiting.value = (data as { waiting: number }).waiting;
  } else if (type === "end" && (data as RealmError).code !== "closed") {
    return signedOutElsewhere();
  }
  if (held) held.push([type, data, more ?? Infinity]);
  else apply(type, data);
  followUp(type, data as Told);
}

const shownRoom = () => /^\/rooms\/([^/]+)/.exec(location.pathname)?.[1];

/** A long poll brings no presences, so this asks for the members of the room that is shown. */
function lookAround() {
  const shown = shownRoom();
  if (shown && state.value.rooms[shown]) load(loadRoom(shown));
}

/** What an event cannot say is asked for. */
function followUp(type: string, data: Told) {
  for (const question of questionsAfter(state.value, type, data)) ask(question);
  if (type === "chat_message") {
    notice(data as unknown as Message);
    if (data.room_id !== shownRoom()) trimLog(data.room_id);
  }
  if (type === "mention" && data.is_mentioned)
    load(api.message(data.room_id, data.message_id).then(notice));
}

function ask(question: Question) {
  switch (question.about) {
    case "all":
      return refreshing.ask();
    case "rooms":
      return recounting.ask();
    case "room":
      return load(loadRoom(question.room_id));
    case "message":
      return load(loadMessage(question.room_id, question.message_id));
    case "drafts":
      return load(countDrafts());
    case "me":
      return load(loadMe());
  }
}

function notice(message: Message) {
  const room = state.value.rooms[message.room_id];
  if (room && message.sender_id !== me.value?.id)
    giveNotice(message, room, isMention(message, me.value), (room_id) => navigate(`/rooms/${room_id}`));
}

const load = (loading: Promise<unknown>) => void loading.catch(() => {});

const loadMe = async () => apply("me", await api.get(`${api.USERS}/me`));

async function countDrafts() {
  apply("drafts", (await api.get<unknown[]>(`${api.AEON}/drafts?limit=100`)).length);
}

const RECOUNTED_ROOMS = 50;
const refreshing = new Gathered(refresh);
const recounting = new Gathered(async () => {
  const list = await api.latestRooms(RECOUNTED_ROOMS);
  batch(() => list.forEach((room) => apply("room", room)));
});

function leave() {
  realm?.close();
  realm = null;
  kept?.close();
  kept = null;
  held = null;
  refreshing.stop();
  recounting.stop();
  session.end();
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(FAILED)) sessionStorage.removeItem(key);
  batch(() => {
    signedIn.value = false;
    connection.value = "connecting";
    waiting.value = 0;
    pausedUntil.value = null;
    state.value = nothing;
  });
  tryFirst();
}

function signedOutElsewhere() {
  if (!signedIn.value) return;
  leave();
  endedElsewhere.value = true;
}
api.whenSignedOut(signedOutElsewhere);

export async function signOut() {
  const waiting = kept;
  await api.call("POST", `${api.USERS}/logout`).catch(() => {});
  wipeDrafts(localStorage);
  await waiting?.clear().catch(() => {});
  leave();
}

/** The client tries again at once. */
export function reconnectNow() {
  if (connection.value !== "down") return;
  if (realm) realm.retry();
  else tryFirst();
}

// --- rooms -------------------------------------------------------------------------------------------

export const loadRoom = async (room_id: string) => apply("loaded", await api.roomWithMembers(room_id));

/** Loads the newest messages, unless they are there. */
export async function openLog(room_id: string): Promise<void> {
  if (state.value.logs[room_id]) return;
  for (let tries = 0; tries < 3; tries++) {
    const before = state.value.rooms[room_id]?.last_seq;
    const messages = await api.messagesBefore(room_id, null, PAGE);
    const isNew = !state.value.logs[room_id];
    apply("part", { room_id, messages, isWhole: messages.length < PAGE, isNew });
    // An entry that came meanwhile may be counted twice: ask again.
    if (state.value.rooms[room_id]?.last_seq === before) return;
    if (tries < 2) apply("gap", { room_id });
  }
}

/** Loads older messages. Returns whether there are more. */
export async function loadOlder(room_id: string, limit = PAGE): Promise<boolean> {
  const log = state.value.logs[room_id];
  const oldest = log?.messages[0];
  if (!log || log.isWhole || !oldest) return false;
  const messages = await api.messagesBefore(room_id, oldest.seq, limit);
  apply("part", { room_id, messages, isWhole: messages.length < limit });
  return messages.length >= limit;
}

/** Drops the oldest messages of a long log. They are loaded again when they are wanted. */
export const trimLog = (room_id: string) => apply("trim", { room_id });

export async function loadMessage(room_id: string, message_id: string): Promise<Message> {
  const message = await api.message(room_id, message_id);
  apply("message", message);
  return message;
}

export async function joinRoom(room_id: string): Promise<void> {
  await api.call("POST", `${PHASE3}/rooms/${room_id}/join`);
  await loadRoom(room_id);
}

export async function leaveRoom(room_id: string): Promise<void> {
  await api.call("POST", `${PHASE3}/rooms/${room_id}/leave`);
  apply("room_removed", { room_id });
}

export async function createRoom(fields: {
  name: string;
  topic?: string;
  is_public: boolean;
}): Promise<string> {
  const { id } = await api.call<{ id: string }>("POST", `${PHASE3}/rooms`, fields);
  await loadRoom(id);
  return id;
}

/** Opens the room of the user and these others, which is always the same one. */
export async function openDirect(user_ids: number[]): Promise<string> {
  const { id } = await api.call<{ id: string }>("PUT", `${PHASE3}/direct`, { user_ids });
  await loadRoom(id);
  return id;
}

export async function declineInvitation(room_id: string): Promise<void> {
  await api.call("POST", `${PHASE3}/rooms/${room_id}/leave`);
  apply("declined", { room_id });
}

/** `until` is null to hear of the room again. */
export async function muteRoom(room_id: string, until: Date | null): Promise<void> {
  const path = `${PHASE3}/rooms/${room_id}/mute`;
  apply(
    "room_muted",
    await (until
      ? api.call("PUT", path, { until: until.toISOString() })
      : api.call("DELETE", path)),
  );
}

export const typing = (room_id: string, isTyping: boolean) => realm?.typing(room_id, isTyping);

/** The user has read the room up to its last entry. */
export function markRead(room_id: string) {
  const room = state.value.rooms[room_id];
  const user = me.value;
  if (!realm || !room || !user || (room.unread === 0 && room.read_seq >= room.last_seq)) return;
  realm.read(room_id, room.last_seq);
  apply("read_marker", { room_id, user_id: user.id, up_to_seq: room.last_seq });
}

export const markAllRead = () => Object.keys(state.value.rooms).forEach(markRead);

// --- messages ----------------------------------------------------------------------------------------

const failedKey = () => `${FAILED}${me.value?.id}`;

function keepFailed() {
  const failed = state.value.pending.filter((message) => message.failed !== null);
  try {
    sessionStorage.setItem(failedKey(), JSON.stringify(failed));
  } catch {
    // The browser could not keep the message, so it is lost if the page closes before it is sent.
  }
}

function restoreFailed() {
  const failed = JSON.parse(sessionStorage.getItem(failedKey()) ?? "[]") as Pending[];
  for (const message of failed) apply("pending", message);
}

/** What an earlier page could not say: the client says it, and it is shown as waiting. */
function restore([frame]: Frames) {
  if (frame?.type !== "chat_message") return;
  const { client_id, room_id, content, reply_to = null } = frame;
  void post({ client_id, room_id, content, reply_to, at: new Date().toISOString(), failed: null });
}

async function post(message: Pending) {
  const { room_id, content, client_id, reply_to } = message;
  apply("pending", { ...message, failed: null });
  try {
    await realm?.send(room_id, content, { client_id, ...(reply_to ? { reply_to } : {}) });
    if (!state.value.rooms[room_id]) apply("dropped", message);
  } catch (error) {
    const { code, message: why } = error as RealmError;
    if (code === "closed") return; // it still waits
    apply("pending", { ...message, failed: why });
  } finally {
    keepFailed();
  }
}

/** crypto.randomUUID() is only for pages by TLS. */
const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

export const send = (room_id: string, content: string, reply_to: string | null) =>
  post({
    client_id: newId(),
    room_id,
    content,
    reply_to,
    at: new Date().toISOString(),
    failed: null,
  });

export const sendAgain = (message: Pending) => post(message);

export function discard(message: Pending) {
  apply("dropped", message);
  keepFailed();
}

type Pinned = Pick<Message, "room_id" | "message_id">;
export const messagePath = ({ room_id, message_id }: Message) =>
  `${PHASE3}/rooms/${room_id}/messages/${message_id}`;

export const edit = (message: Message, content: string) =>
  api
    .call<Message>("PATCH", messagePath(message), { content })
    .then((now) => apply("message", now));

export const remove = (message: Message) =>
  api.call<Message>("DELETE", messagePath(message)).then((now) => apply("message", now));

export const pin = ({ room_id, message_id }: Pinned, on: boolean) =>
  api
    .call(on ? "PUT" : "DELETE", `${PHASE3}/rooms/${room_id}/pins/${message_id}`)
    .then(() => loadRoom(room_id));

export const react = (message: Message, key: string, on: boolean) =>
  api
    .call<Message>(
      on ? "PUT" : "DELETE",
      `${messagePath(message)}/reactions/${encodeURIComponent(key)}`,
    )
    .then((now) => apply("message", now));

/** What the user reads when something fails. */
export function words(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
