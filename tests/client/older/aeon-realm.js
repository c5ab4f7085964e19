/**
 * A client for the live connection of an AEON Realm: it connects, stays connected, and goes on where
 * it was. What is said is said again until it is acknowledged (outbox.js); what comes is shown once
 * and in order, and what cannot be had any more is told as a `gap` (ledger.js). It knows one user,
 * keeps no messages and draws nothing.
 *
 * Written for browsers and for Node 18 and later, without dependencies. README.md shows its use.
 */
import { Ledger } from "./ledger.js";
import { Outbox, RealmError } from "./outbox.js";

export { RealmError };

const API = "/api/v1/phase3";
const PROTOCOLS = ["aeon.v1.batch", "aeon.v1"];
const LONGEST_ORDER = 600_000; // milliseconds that a server may tell us to stay away

/** Codes for close frames, and for answers that bring none. */
const CLOSES = { 4401: "unauthenticated", 4403: "forbidden" };
const HTTP = { 401: "unauthenticated", 403: "forbidden" };
const NOT_KNOWN = new Set(["unauthenticated", "invalid_token"]); // a new token may help

const PRESETS = {
  ticket: true, // false: the token goes over the WebSocket, in its first message
  outbox: 1000, // what may wait for its acknowledgement
  firstDelay: 1000, // milliseconds at most until the first reconnection; doubled each time
  longestDelay: 30_000,
  patience: 15_000, // milliseconds for a connection to come about, and for an answer over REST
  heartbeat: 25_000, // milliseconds between pings, unless the server wants them more often
};

export class AeonRealm {
  #base;
  #token;
  #options;
  #ledger;
  #outbox;
  #handlers = new Map(); // type → Set of functions
  #prefix = Math.random().toString(36).slice(2) + Date.now().toString(36);
  #count = 0;
  #socket = null;
  #attempt = 0; // whatever belongs to an earlier one is over
  #isUp = false; // connected, welcomed, and level with the log
  #inside = new Set(); // the rooms that we are in
  #failures = 0; // in a row
  #refusals = 0; // of a token, in a row
  #comeBack = null; // when the server wants us back, if it said so
  #limits; // of this connection
  #heard = true; // anything since the last heartbeat
  #timers = {};
  #waiting = []; // who called connect()
  #end = null; // why it is over

  /**
   * @param {string} base such as "https://realm.example"
   * @param {string | (({refused: boolean}) => string | Promise<string>)} token refused: the last one
   *   was, so another one is needed
   * @param {object} [options] PRESETS; `state`, from state(); `WebSocket`, a class, where none is
   */
  constructor(base, token, { state = {}, WebSocket = globalThis.WebSocket, ...options } = {}) {
    this.#base = base;
    this.#token = typeof token === "function" ? token : () => token;
    this.#options = { ...PRESETS, WebSocket, ...options };
    this.#outbox = new Outbox(this.#options.outbox);
    this.#ledger = new Ledger(
      state,
      (...event) => this.#emit(...event),
      (room_id) => this.#fill(room_id),
    );
    for (const frames of state.outbox ?? []) this.#outbox.post(frames).catch(() => {});
  }

  // --- for the caller --------------------------------------------------------------------------

  /** Connects, and stays connected until close(). Resolves when it is first level with the realm. */
  connect() {
    if (this.#attempt === 0) this.#open();
    return new Promise((resolve, reject) => {
      if (this.#end) reject(this.#end);
      else if (this.#isUp) resolve();
      else this.#waiting.push({ resolve, reject });
    });
  }

  /**
   * Calls handler(data, pos) for events of that type, or handler(type, data, pos) for all: "*".
   * Returns a function that ends it.
   */
  on(type, handler) {
    if (!this.#handlers.has(type)) this.#handlers.set(type, new Set());
    this.#handlers.get(type).add(handler);
    return () => this.#handlers.get(type).delete(handler);
  }

  /**
   * Says something in a room. Resolves with the `ack`, when it is on disk; rejects with a RealmError
   * when the realm will not take it. `more`: message_type, meta_data, reply_to, client_id.
   */
  send(room_id, content, more = {}) {
    return this.#command({ type: "chat_message", room_id, content, ...more });
  }

  edit(room_id, message_id, content) {
    return this.#command({ type: "edit_message", room_id, message_id, content });
  }

  delete(room_id, message_id) {
    return this.#command({ type: "delete_message", room_id, message_id });
  }

  react(room_id, message_id, key, on = true) {
    return this.#command({ type: "react", room_id, message_id, key, on });
  }

  /**
   * Enters a room, and gets what came after `since`, a seq; a room that is known already goes on
   * where it was. Resolves with the `room_info`; the entries follow as events.
   */
  join(room_id, { since } = {}) {
    if (since !== undefined) this.#ledger.follow(room_id, since);
    return this.#post({ type: "join_room", room_id, since: this.#ledger.seq(room_id) });
  }

  /** Leaves a room. That has no answer of its own, but a pong behind it says that it is done. */
  async leave(room_id) {
    await this.#post({ type: "leave_room", room_id }, { type: "ping", id: `leave ${room_id}` });
    this.#ledger.forget(room_id);
  }

  /** These pass: without a connection, or too many at once, they are not said at all (false). */
  typing(room_id, is_typing = true) {
    return this.#pass({ type: "typing", room_id, is_typing });
  }

  read(room_id, up_to_seq) {
    return this.#pass({ type: "read", room_id, up_to_seq });
  }

  presence(status) {
    return this.#pass({ type: "presence", status });
  }

  /** A call of the REST interface. Gives the answer's JSON, or throws a RealmError. */
  async request(method, path, body) {
    const token = await this.#token({ refused: this.#refusals > 0 });
    const answer = await fetch(new URL(path, this.#base), {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(this.#options.patience),
    });
    const json = await answer.json().catch(() => null);
    if (answer.ok) return json;
    const { status } = answer;
    throw new RealmError(json?.code ?? HTTP[status] ?? "http_error", `${method} ${path}: ${status}`, {
      ...json,
      status,
      retry_after_ms: 1000 * Number(answer.headers.get("Retry-After")) || 0,
    });
  }

  /**
   * Where it is: to be kept, and given to another client that goes on there. In the handler of an
   * event, that event is part of it.
   */
  state() {
    return { ...this.#ledger.state(), outbox: this.#outbox.state() };
  }

  /** Ends it. What is not acknowledged is rejected, with the code "closed". */
  close() {
    this.#finish(new RealmError("closed", "The client was closed"));
  }

  // --- what goes out ---------------------------------------------------------------------------

  #command(frame) {
    return this.#post({ client_id: `${this.#prefix}-${++this.#count}`, ...frame });
  }

  #post(...frames) {
    return this.#end ? Promise.reject(this.#end) : this.#outbox.post(frames);
  }

  #pass(frame) {
    return this.#isUp && this.#outbox.turn() === 0 && this.#say(frame);
  }

  #say(frame) {
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Asks for what is missing of a room; unless it is being left, as that would enter it again. */
  #fill(room_id) {
    if (this.#outbox.has(`leave ${room_id}`)) return;
    this.join(room_id).catch(({ code }) => {
      if (code !== "closed" && code !== "outbox_full") this.#ledger.abandon(room_id);
    });
  }

  // --- the connection --------------------------------------------------------------------------

  async #open() {
    const attempt = ++this.#attempt;
    const { ticket, patience } = this.#options;
    this.#timers.patience = setTimeout(() => this.#down(lost("no answer in time")), patience);
    try {
      const pass = ticket
        ? await this.request("POST", `${API}/ws/ticket`)
        : { token: await this.#token({ refused: this.#refusals > 0 }) };
      if (attempt === this.#attempt) this.#connect(pass);
    } catch (error) {
      if (attempt === this.#attempt) this.#down(error);
    }
  }

  #connect({ ticket, token }) {
    const url = new URL(`${API}/ws/me`, this.#base);
    url.protocol = url.protocol.replace("http", "ws");
    const protocols = ticket ? [...PROTOCOLS, `ticket.${ticket}`] : PROTOCOLS;
    const socket = new this.#options.WebSocket(url.href, protocols);
    socket.onopen = () => ticket || this.#say({ type: "authenticate", token });
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#down(lost(reason || `close code ${code}`, code));
    socket.onerror = () => {}; // a close follows
    this.#socket = socket;
  }

  /** The connection is lost, or did not come about. It is tried again where that makes sense. */
  #down(error) {
    this.#detach();
    if (NOT_KNOWN.has(error.code)) this.#refusals++;
    if (error.code === "forbidden" || this.#refusals > 1) return this.#finish(error);
    const delay = this.#delay(error.details?.retry_after_ms);
    this.#timers.open = setTimeout(() => this.#open(), delay);
    this.#emit("down", error, delay);
  }

  /**
   * Unless the server has said when: the first time anything up to the first delay, so that not all
   * come back at once; then from half to all of what is twice as long each time, so that nobody uses up
   * the short ones while the server is still starting.
   */
  #delay(least = 0) {
    const { firstDelay, longestDelay } = this.#options;
    const at = this.#comeBack;
    this.#comeBack = null;
    if (at !== null) return Math.max(0, at - performance.now());
    const most = Math.min(longestDelay, firstDelay * 2 ** this.#failures);
    const fixed = this.#failures++ ? most / 2 : 0;
    return bounded(least) + fixed + Math.random() * (most - fixed);
  }

  #detach() {
    const socket = this.#socket;
    this.#attempt++;
    this.#socket = null;
    this.#isUp = false;
    this.#outbox.close();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #finish(error) {
    if (this.#end) return;
    this.#end = error;
    this.#detach();
    this.#outbox.rejectAll(error);
    for (const { reject } of this.#waiting) reject(error);
    this.#emit("end", error);
  }

  // --- what comes ------------------------------------------------------------------------------

  #receive(text) {
    const socket = this.#socket;
    this.#heard = true;
    let events;
    try {
      events = text.split("\n").map((line) => JSON.parse(line));
    } catch (error) {
      return this.#down(lost(error.message));
    }
    for (const event of events) if (socket === this.#socket) this.#take(event);
  }

  #take(event) {
    const { type, data } = event;
    switch (type) {
      case "welcome":
        this.#welcome(data);
        break;
      case "room_participants":
        this.#inside = new Set(data.map(({ room_id }) => room_id));
        break;
      case "resumed":
        return this.#level(this.#ledger.resumed(data));
      case "room_info":
        this.#ledger.joined(data);
        this.#outbox.acknowledge(`join ${data.room_id}`, data);
        break;
      case "history_gap":
        return this.#ledger.skip(data.room_id, data.to_seq);
      case "ack":
        this.#outbox.acknowledge(data.client_id, data);
        break;
      case "pong":
        return this.#outbox.acknowledge(data.id);
      case "error":
        return this.#refused(data);
      case "reconnect":
        this.#comeBack = performance.now() + bounded(data.after_ms);
        break;
    }
    this.#ledger.take(event);
  }

  #welcome(data) {
    const beat = Math.min(this.#options.heartbeat, data.heartbeat_ms);
    clearTimeout(this.#timers.patience);
    this.#timers.heartbeat = setInterval(() => this.#beat(), beat);
    this.#limits = data.limits;
    this.#refusals = 0;
    const from = this.#ledger.welcome(data);
    if (from) this.#say({ type: "resume", ...from });
    else this.#level([]);
  }

  /** Level with the log. What a room lacks is asked for, where we are in it still. */
  #level(lacking) {
    this.#isUp = true;
    this.#failures = 0;
    for (const room_id of lacking) if (this.#inside.has(room_id)) this.#fill(room_id);
    this.#outbox.open((frame) => this.#say(frame), this.#limits);
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    this.#emit("up");
  }

  #refused(data) {
    const error = new RealmError(data.code, data.message, data);
    if (!this.#isUp) return this.#down(error);
    const known = this.#outbox.refuse(data, error);
    if (data.retryable) this.#outbox.pause(bounded(data.retry_after_ms ?? this.#options.firstDelay));
    if (!known) this.#emit("error", error);
  }

  #beat() {
    if (!this.#heard) return this.#down(lost("silence"));
    this.#heard = false;
    this.#say({ type: "ping" });
  }

  #emit(type, ...details) {
    for (const handler of this.#handlers.get(type) ?? []) call(handler, details);
    for (const handler of this.#handlers.get("*") ?? []) call(handler, [type, ...details]);
  }
}

const lost = (how, close) =>
  new RealmError(CLOSES[close] ?? "connection_lost", `The connection is lost: ${how}`, { close });

const bounded = (ms) => Math.min(ms, LONGEST_ORDER);

/** What a caller's handler throws is none of our concern, and must not end it. */
function call(handler, details) {
  try {
    handler(...details);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
