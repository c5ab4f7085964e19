/**
 * A stand-in for a WebSocket, for networks that refuse those. What is sent becomes calls of the REST
 * API, one after the other. Their answers, and the events of a long poll, come as the messages that a
 * WebSocket would bring.
 *
 * It brings all events of the log. Presence, typing and the parts of a twin's answer are in no log.
 */
import { RealmError } from "./outbox.js";

const API = "/api/v1/phase3";
const WAIT = 20; // seconds that a request without an event may take; the realm allows 25
const PACE = 250; // least milliseconds between two requests for events
const PAGE = 200; // the realm gives no more in one answer
const HISTORY = 500; // newest entries of a room that a WebSocket would bring
const START = { heartbeat_ms: 25_000, limits: { messages_per_second: 10, burst: 100 } };
const RETRYABLE = new Set([408, 429, 503]); // HTTP status
const GATEWAY = new Set([502, 504]); // the realm has not answered

const part = encodeURIComponent;
const roomPath = ({ room_id }) => `${API}/rooms/${part(room_id)}`;
const messagePath = (frame) => `${roomPath(frame)}/messages/${part(frame.message_id)}`;
const change = ({ client_id }) => `?client_id=${part(client_id)}`;

/** The calls of the commands: method, path, body. */
const CALLS = {
  chat_message: ({ type, room_id, ...message }) => ["POST", `${roomPath({ room_id })}/messages`, message],
  edit_message: ({ content, client_id, ...at }) => ["PATCH", messagePath(at), { content, client_id }],
  delete_message: (frame) => ["DELETE", messagePath(frame) + change(frame)],
  react: (frame) => [
    frame.on ? "PUT" : "DELETE",
    `${messagePath(frame)}/reactions/${part(frame.key)}${change(frame)}`,
  ],
  join_room: (frame) => ["POST", `${roomPath(frame)}/join`],
  leave_room: (frame) => ["POST", `${roomPath(frame)}/leave`],
  typing: ({ is_typing, ...at }) => ["PUT", `${roomPath(at)}/typing`, { is_typing }],
  read: ({ up_to_seq, ...at }) => ["PUT", `${roomPath(at)}/read`, { up_to_seq }],
  presence: ({ status }) => ["PUT", `${API}/presence`, { status }],
};

/** A path cannot have these keys: it would be that of another thing. */
const isUnnamable = ({ type, key }) => type === "react" && /^\.{0,2}$/.test(key);

/** Why there are no more events; unlike a refusal, it is no fault of what was sent. */
const lost = (why) => new RealmError("connection_lost", `The connection is lost: ${why}`);

export class PollSocket {
  onmessage = null;
  onclose = null;
  #call;
  #patience;
  #isOpen = true;
  #requests = new Set(); // that run, as their AbortControllers
  #work = Promise.resolve(); // the calls, one after the other
  #resumeAt = null; // the position from which events are wanted
  #pings = []; // that wait for their pongs
  #hurry = () => {}; // ends a wait for events

  /**
   * @param {Function} call (method, path, body, {patience, signal}) → {status, json, next, retry_after_ms}
   * @param {number} patience milliseconds to wait for an answer
   */
  constructor(call, patience) {
    this.#call = call;
    this.#patience = patience;
    this.#begin().catch((error) => this.#fail(error));
  }

  send(text) {
    const frame = JSON.parse(text);
    if (frame.type === "resume") this.#resumeAt = frame.pos;
    else this.#then(() => this.#run(frame));
  }

  close() {
    this.#isOpen = false;
    this.#hurry();
    for (const request of this.#requests) request.abort();
  }

  // --- what goes out ---------------------------------------------------------------------------

  #then(job) {
    this.#work = this.#work
      .then(() => this.#isOpen && job())
      .catch((error) => this.#fail(error));
  }

  async #run(frame) {
    if (frame.type === "ping") {
      this.#pings.push(frame.id);
      return this.#hurry();
    }
    if (isUnnamable(frame)) return this.#refuse(frame, { code: "validation_error", message: "Not a reaction" });
    try {
      const answer = await this.#ask(...CALLS[frame.type](frame));
      await this.#answered(frame, answer);
    } catch (error) {
      const { status, retry_after_ms } = error.details ?? {};
      if (!status || status === 401 || GATEWAY.has(status)) throw error;
      const { code, message, details } = error;
      this.#refuse(frame, { ...details, code, message, retryable: RETRYABLE.has(status), retry_after_ms });
    }
  }

  #refuse({ type, client_id, room_id }, error) {
    this.#say("error", { retryable: false, ...error, command: type, client_id, room_id });
  }

  /** REST answers a change with the message as it is now, which says nothing of the change's own place. */
  #answered({ type, client_id, room_id, message_id, since }, { status, json }) {
    if (type === "join_room") return this.#joined(json, since);
    if (!client_id) return;
    const change = { message_id, seq: null, timestamp: null, duplicate: null };
    const { message_id: id, seq, timestamp } = json;
    const message = { message_id: id, seq, timestamp, duplicate: status === 200 };
    const done = type === "chat_message" ? message : change;
    this.#say("ack", { client_id, room_id, pos: null, ...done });
  }

  async #joined({ id: room_id, participants, pins, ...room }, since) {
    const { last_seq } = room;
    this.#say("room_info", { room_id, ...room });
    if (since === undefined || since >= last_seq) return;
    const after = Math.max(since, last_seq - HISTORY);
    this.#say("history_gap", { room_id, to_seq: after });
    await this.#pages(`${roomPath({ room_id })}/entries?after=${after}&limit=${PAGE}`, (entries) => {
      for (const { type, data } of entries) this.#say(type, data);
    });
    this.#say("history_gap", { room_id, to_seq: last_seq }); // of what is no longer kept
  }

  // --- what comes ------------------------------------------------------------------------------

  async #begin() {
    const { json } = await this.#ask("GET", `${API}/events`);
    const { epoch, pos, user_id, username, entries } = json;
    this.#say("welcome", { ...START, epoch, pos, user_id, username, entries });
    this.#then(() => this.#listRooms({ user_id, username }));
    await this.#follow(epoch, pos);
  }

  /** The rooms of the user, as far as the client needs them: without their other members. */
  async #listRooms(me) {
    await this.#pages(`${API}/rooms?joined=true&limit=${PAGE}`, (rooms, more) => {
      const places = rooms.map(({ id }) => ({ ...me, room_id: id, joined_at: null, status: "connected" }));
      this.#say("room_participants", places, { more });
    });
  }

  async #follow(epoch, head) {
    let pos = this.#resumeAt ?? head;
    let replay = this.#resumeAt === null ? null : { replayed: 0, gaps: [] };
    while (this.#isOpen) {
      const pings = this.#pings.length;
      const answer = await this.#events(epoch, pos, replay || pings ? 0 : WAIT);
      if (!answer) continue;
      const { events, gaps } = answer;
      if (answer.epoch_changed || (gaps.length && !replay)) throw lost("the realm has another log");
      for (const event of events) this.#say(event.type, event.data, { pos: event.pos });
      pos = answer.pos;
      if (replay) {
        replay.replayed += events.length;
        replay.gaps.push(...gaps);
        if (pos < head) continue;
        this.#say("resumed", { pos, ...replay });
        replay = null;
      }
      for (const id of this.#pings.splice(0, pings)) this.#say("pong", { id, pos });
      if (events.length < PAGE) await this.#pause(Math.max(PACE, answer.retry_after_ms));
    }
  }

  /** The next events, or null when a ping ended the wait for them, or too many requests were made. */
  async #events(epoch, pos, wait) {
    const query = `since=${pos}&epoch=${part(epoch)}&limit=${PAGE}&wait=${wait}`;
    const request = new AbortController();
    let isHurried = false;
    this.#hurry = () => {
      isHurried = wait > 0;
      if (isHurried) request.abort();
    };
    try {
      const patience = this.#patience + wait * 1000;
      const answer = await this.#ask("GET", `${API}/events?${query}`, undefined, { request, patience });
      return { ...answer.json, retry_after_ms: answer.retry_after_ms };
    } catch (error) {
      if (isHurried) return null;
      if (error.details?.status !== 429) throw error;
      await this.#pause(Math.max(PACE, error.details.retry_after_ms));
      return null;
    } finally {
      this.#hurry = () => {};
    }
  }

  #pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#hurry = () => (clearTimeout(timer), resolve());
    });
  }

  // --- both ------------------------------------------------------------------------------------

  async #ask(method, path, body, { request = new AbortController(), patience = this.#patience } = {}) {
    this.#requests.add(request);
    try {
      const answer = await this.#call(method, path, body, { patience, signal: request.signal });
      if (!answer.json && answer.status !== 204) throw lost("the answer is not the realm's");
      return answer;
    } finally {
      this.#requests.delete(request);
    }
  }

  async #pages(path, take) {
    for (let next = path; next; ) {
      const answer = await this.#ask("GET", next);
      next = answer.next;
      take(answer.json, next !== null);
    }
  }

  #say(type, data, more = {}) {
    if (this.#isOpen) this.onmessage?.({ data: JSON.stringify({ type, data, ...more }) });
  }

  #fail(error) {
    if (!this.#isOpen) return;
    this.close();
    this.onclose?.({ error });
  }
}
