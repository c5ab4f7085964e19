/**
 * A client for an AEON Realm's live contract: it connects, reconnects, and resumes at its last position,
 * over a WebSocket, or over REST where a network refuses WebSockets (poll.js).
 * It sends messages again until they are acknowledged (outbox.js). It shows received entries once and
 * in order, and reports entries that it can no longer receive as a `gap` (ledger.js). It serves
 * one user, stores no messages and has no user interface.
 *
 * It runs in browsers and in Node 18 or later, without dependencies. README.md shows how to use it.
 */
import { Handlers } from "./handlers.js";
import { Ledger } from "./ledger.js";
import { Outbox, RealmError, encode } from "./outbox.js";
import { PollSocket } from "./poll.js";
import { Reads } from "./reads.js";
import { callRest } from "./rest.js";
import { onSignals } from "./signals.js";

export { RealmError };

const API = "/api/v1/phase3";
const PROTOCOLS = ["aeon.v1.batch", "aeon.v1"];
const LONGEST_ORDER = 600_000; // longest delay that a server can request, in milliseconds

const NO_CLOSE = 1006; // the connection ended without a word
const CLOSES = { 4401: "unauthenticated", 4403: "forbidden" }; // codes of close frames
const FRAME_FAULTS = new Set([1007, 1009, 4400]); // close codes that a frame of ours has caused
const TOKEN_REFUSED = new Set(["unauthenticated", "invalid_token"]); // a new token may help

const DEFAULTS = {
  ticket: true, // false: send the token in the first message of the WebSocket
  outbox: 1000, // most messages that wait for their acknowledgement
  firstDelay: 1000, // most milliseconds before the first reconnection; doubled each time
  longestDelay: 30_000,
  patience: 15_000, // milliseconds to wait for a connection, and for a REST answer
  shortPatience: 5000, // for a ticket, and for a pong after a sleep or a change of the network
  useful: 10_000, // a connection that lasts so long was no failure
  heartbeat: 25_000, // milliseconds between pings; the server can ask for less
  poll: true, // false: never goes on over REST
};

export class AeonRealm {
  #base;
  #token;
  #options;
  #ledger;
  #outbox;
  #reads;
  #kept;
  #handlers = new Handlers();
  #prefix = Math.random().toString(36).slice(2) + Date.now().toString(36);
  #count = 0;
  #socket = null;
  #attempt = 0; // number of the connection; callbacks of an older one are ignored
  #isPolling = false; // this connection is, or the next one will be, a long poll
  #upgrade = null; // a WebSocket that is tried beside the long poll
  #upgrades = 0; // such tries that failed, in a row
  #isOpening = false; // a connection is tried
  #isNew = true; // the connection has brought nothing yet
  #from; // where this connection resumes
  #isUp = false; // connected, and caught up with the event log
  #inside = new Set(); // ids of the rooms that we are in
  #isListed = false; // the list of them is complete
  #incomplete = []; // ids of rooms with missing entries
  #failures = 0; // in a row
  #refusals = 0; // of a token, in a row
  #reconnectAt = null; // the time that the server asked for, if any
  #earliest = 0; // the time before which no connection may be tried
  #presence = null; // that the caller has set
  #endSignals = null;
  #limits; // of this connection
  #interval; // milliseconds between two heartbeats
  #received = true; // anything since the last heartbeat
  #timers = {};
  #waiting = []; // promises of connect()
  #end = null; // the error that stopped the client

  /**
   * @param {string} base such as "https://realm.example"
   * @param {string | null | (({refused: boolean}) => string | Promise<string>)} token a function
   *   gets `refused: true` when the realm refused the last token; null: the browser has a cookie
   * @param {object} [options] any of DEFAULTS; `state`, from state(); `kept`, a KeptOutbox, which keeps what
   *   is said; `WebSocket`, a class for programs without a global one
   */
  constructor(base, token, { state = {}, kept, WebSocket = globalThis.WebSocket, ...options } = {}) {
    this.#base = base;
    this.#token = typeof token === "function" ? token : () => token;
    this.#options = { ...DEFAULTS, WebSocket, ...options };
    this.#kept = kept;
    this.#outbox = new Outbox(
      this.#options.outbox,
      (waiting) => this.#handlers.emit("outbox", { waiting }),
      kept && {
        add: (key, frames) => kept.add(key, frames).catch((error) => this.#handlers.emit("error", notKept(error))),
        remove: (key) => kept.remove(key),
      },
    );
    this.#reads = new Reads(
      () => this.#outbox.turn(),
      (frame) => this.#sendFrame(frame),
    );
    this.#ledger = new Ledger(
      state,
      (...event) => this.#handlers.emit(...event),
      (room_id) => this.#fill(room_id),
    );
    for (const frames of state.outbox ?? []) this.#restore(frames);
    for (const frames of kept?.frames ?? []) this.#restore(frames, true);
  }

  // --- for the caller --------------------------------------------------------------------------

  /** Connects, and reconnects until close(). Resolves when the client has caught up. */
  connect() {
    if (this.#attempt === 0) {
      this.#endSignals = onSignals(this.#options, {
        wake: () => this.#wake(),
        pause: () => this.#pause(),
      });
      this.#open();
    }
    return new Promise((resolve, reject) => {
      if (this.#end) reject(this.#end);
      else if (this.#isUp) resolve();
      else this.#waiting.push({ resolve, reject });
    });
  }

  /**
   * Calls handler(data, pos) for events of that type, or handler(type, data, pos) for all ("*").
   * Returns a function that removes the handler.
   */
  on(type, handler) {
    return this.#handlers.add(type, handler);
  }

  /**
   * Sends a message to a room. Resolves with the `ack` when the message is on disk; rejects with a
   * RealmError when the realm refuses it. `more`: message_type, meta_data, reply_to, client_id.
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
   * Joins a room and requests the entries after the seq `since`; a followed room resumes at its last
   * entry. Resolves with the `room_info`; the entries follow as events.
   */
  join(room_id, { since } = {}) {
    if (since !== undefined) this.#ledger.follow(room_id, since);
    return this.#post({ type: "join_room", room_id, since: this.#ledger.seq(room_id) });
  }

  /** Leaves a room. `leave_room` has no answer, but a pong after it shows that it is done. */
  async leave(room_id) {
    await this.#post({ type: "leave_room", room_id }, { type: "ping", id: `leave ${room_id}` });
    this.#ledger.forget(room_id);
  }

  /** These are sent at once or not at all (false): there is no connection, or the limit is reached. */
  typing(room_id, is_typing = true) {
    return this.#trySend({ type: "typing", room_id, is_typing });
  }

  /** The user has read the room up to this entry. It is sent as soon as a connection and the limit allow it. */
  read(room_id, up_to_seq) {
    this.#reads.add(room_id, up_to_seq);
  }

  /** Holds for later connections, too. */
  presence(status) {
    this.#presence = status;
    return this.#trySend({ type: "presence", status });
  }

  /** Tries to connect at once, as when the browser reports a network: for a button, for instance. */
  retry() {
    this.#wake();
  }

  /** Makes a REST call. Returns the answer's JSON, or throws a RealmError. */
  async request(method, path, body, headers) {
    return (await this.#call(method, path, body, { headers })).json;
  }

  /**
   * The client's state as plain JSON: another client that gets it resumes there. In the handler of an
   * event, the state includes that event.
   */
  state() {
    return { ...this.#ledger.state(), outbox: this.#outbox.state() };
  }

  /** Stops the client. Promises that are not resolved yet reject with the code "closed". */
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

  async #call(method, path, body, { patience = this.#options.patience, ...how } = {}) {
    return callRest(this.#base, method, path, { token: await this.#pass(), body, patience, ...how });
  }

  #pass() {
    return this.#token({ refused: this.#refusals > 0 });
  }

  /** What an earlier client could not say. Nobody waits for the answer. */
  #restore(frames, isKept) {
    this.#outbox.post(frames, isKept).catch((error) => {
      if (error !== this.#end) this.#handlers.emit("error", error);
    });
  }

  async #takeOver() {
    const taken = (await this.#kept?.takeOver().catch(() => [])) ?? [];
    if (this.#end || taken.length === 0) return;
    for (const frames of taken) this.#restore(frames, true);
    this.#handlers.emit("taken_over", taken);
  }

  #trySend(frame) {
    if (!this.#isUp || this.#outbox.turn() > 0) return false;
    try {
      return this.#sendFrame(frame);
    } catch (error) {
      this.#handlers.emit("error", error);
      return false;
    }
  }

  #sendFrame(frame) {
    this.#socket.send(encode(frame, this.#outbox.frameBytes));
    return true;
  }

  /** Requests a room's missing entries, but not while leaving it: the request would join it again. */
  #fill(room_id) {
    if (this.#outbox.has(`leave ${room_id}`)) return;
    this.join(room_id).catch(({ code }) => {
      if (code !== "closed" && code !== "outbox_full") this.#ledger.abandon(room_id);
    });
  }

  // --- the connection --------------------------------------------------------------------------

  async #open() {
    const attempt = ++this.#attempt;
    this.#earliest = performance.now() + this.#options.firstDelay;
    this.#isOpening = true;
    this.#startPatience();
    try {
      const socket = this.#isPolling ? this.#newPoll() : await this.#newWebSocket();
      if (attempt !== this.#attempt) return socket.close();
      this.#use(socket);
    } catch (error) {
      if (attempt === this.#attempt) this.#down(error);
    }
  }

  #newPoll() {
    return new PollSocket((...what) => this.#call(...what), this.#options.patience);
  }

  async #newWebSocket() {
    const { ticket: isTicket, patience, shortPatience, WebSocket } = this.#options;
    const how = { patience: Math.min(patience, shortPatience) };
    const { ticket, token } = isTicket
      ? (await this.#call("POST", `${API}/ws/ticket`, undefined, how)).json
      : { token: await this.#pass() };
    const url = new URL(`${API}/ws/me`, this.#base);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url.href, ticket ? [...PROTOCOLS, `ticket.${ticket}`] : PROTOCOLS);
    socket.onopen = () => ticket || socket.send(JSON.stringify({ type: "authenticate", token }));
    socket.onerror = () => {}; // a close follows
    return socket;
  }

  #use(socket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason, error }) =>
      this.#down(error ?? lost(reason || `close code ${code}`, code));
  }

  #startPatience() {
    const { patience } = this.#options;
    this.#timers.patience = setTimeout(() => this.#down(lost("no answer in time", NO_CLOSE)), patience);
  }

  // --- a WebSocket where networks refuse it ----------------------------------------------------

  /** While the long poll runs, a WebSocket is tried again after delays that double. */
  #planUpgrade() {
    const most = Math.min(LONGEST_ORDER, this.#options.firstDelay * 2 ** this.#upgrades);
    clearTimeout(this.#timers.upgrade);
    this.#timers.upgrade = setTimeout(() => this.#tryUpgrade(), most * (0.5 + Math.random() / 2));
  }

  #upgradeSoon() {
    this.#upgrades = 0;
    this.#planUpgrade();
  }

  async #tryUpgrade() {
    const attempt = this.#attempt;
    const mine = (this.#upgrade = { close: () => {} });
    const fail = () => {
      if (this.#upgrade !== mine) return;
      this.#endUpgrade();
      this.#upgrades++;
      this.#planUpgrade();
    };
    clearTimeout(this.#timers.upgrade);
    this.#timers.upgrade = setTimeout(fail, this.#options.patience);
    try {
      const socket = await this.#newWebSocket();
      if (this.#upgrade !== mine || attempt !== this.#attempt) return socket.close();
      mine.close = () => {
        socket.onmessage = socket.onclose = null;
        socket.close();
      };
      socket.onclose = fail;
      socket.onmessage = ({ data }) => {
        this.#upgrade = null;
        this.#detach();
        this.#isPolling = false;
        this.#isOpening = true;
        this.#startPatience();
        this.#use(socket);
        this.#receive(data);
      };
    } catch {
      fail();
    }
  }

  #endUpgrade() {
    const upgrade = this.#upgrade;
    this.#upgrade = null;
    upgrade?.close();
  }

  // --- losing it -------------------------------------------------------------------------------

  /** The connection is lost or failed. Reconnects, unless the realm would refuse the client again. */
  #down(error) {
    if (FRAME_FAULTS.has(error.details?.close)) this.#outbox.blame(error);
    this.#choose(error);
    this.#detach();
    if (TOKEN_REFUSED.has(error.code)) this.#refusals++;
    if (error.code === "forbidden" || this.#refusals > 1) return this.#finish(error);
    const order = this.#reconnectAt ?? performance.now() + bounded(error.details?.retry_after_ms ?? 0);
    this.#earliest = Math.max(this.#earliest, order);
    const delay = this.#delay(error.details?.retry_after_ms);
    this.#timers.open = setTimeout(() => this.#open(), delay);
    this.#handlers.emit("down", error, delay);
  }

  /**
   * After a WebSocket that never brought anything the next try is a long poll, and after a long poll
   * that did not begin a WebSocket.
   */
  #choose(error) {
    if (!this.#socket || !this.#isNew || !this.#options.poll) return;
    if (this.#isPolling) this.#isPolling = false;
    else this.#isPolling = error.details?.close === NO_CLOSE;
  }

  /**
   * The time that the server asked for, or a random delay. The first one is between zero and
   * firstDelay, so that clients do not reconnect all at once. The next ones are between half and all
   * of a maximum that doubles, so that clients do not use up the short delays while a server starts.
   */
  #delay(least = 0) {
    const { firstDelay, longestDelay } = this.#options;
    const at = this.#reconnectAt;
    this.#reconnectAt = null;
    if (at !== null) return Math.max(0, at - performance.now());
    const most = Math.min(longestDelay, firstDelay * 2 ** this.#failures);
    const fixed = this.#failures++ ? most / 2 : 0;
    return bounded(least) + fixed + Math.random() * (most - fixed);
  }

  /** The device has slept, or its network has changed: what was true of the connection may be over. */
  #wake() {
    if (this.#end) return;
    if (this.#isUp) {
      if (this.#isPolling && !this.#upgrade) this.#upgradeSoon();
      return this.#probe();
    }
    const delay = Math.max(0, this.#earliest - performance.now());
    if (delay > 0 && this.#isOpening) return; // this try has just begun
    this.#detach();
    this.#timers.open = setTimeout(() => this.#open(), delay);
  }

  /** The page is put away, perhaps for long. wake() brings it back. */
  #pause() {
    if (this.#end) return;
    this.#detach();
    this.#handlers.emit("down", lost("the page is not shown any more"), null);
  }

  /** Asks whether the connection is alive, and does not wait long for the answer. */
  #probe() {
    const { patience, shortPatience } = this.#options;
    this.#received = false;
    this.#startHeartbeat();
    this.#ping();
    clearTimeout(this.#timers.probe);
    this.#timers.probe = setTimeout(() => {
      if (this.#received) return;
      this.#failures = 0;
      this.#down(lost("no answer to a ping"));
    }, Math.min(patience, shortPatience));
  }

  #ping() {
    this.#reads.pinged();
    this.#sendFrame({ type: "ping" });
  }

  #detach() {
    const socket = this.#socket;
    this.#attempt++;
    this.#socket = null;
    this.#isUp = false;
    this.#isOpening = false;
    this.#isNew = true;
    this.#outbox.close();
    this.#reads.close();
    this.#endUpgrade();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #finish(error) {
    if (this.#end) return;
    this.#end = error;
    this.#detach();
    this.#endSignals?.();
    this.#outbox.rejectAll(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#handlers.emit("end", error);
  }

  // --- what comes ------------------------------------------------------------------------------

  #receive(text) {
    const socket = this.#socket;
    this.#received = true;
    this.#isNew = false;
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
        for (const { room_id } of data) this.#inside.add(room_id);
        this.#isListed = !event.more;
        this.#fillIncomplete();
        break;
      case "resumed": {
        const incomplete = this.#ledger.resumed(data, event.more);
        return incomplete && this.#caughtUp(incomplete);
      }
      case "room_info":
        this.#ledger.joined(data);
        this.#answered(`join ${data.room_id}`, data);
        break;
      case "history_gap":
        return this.#ledger.skip(data.room_id, data.to_seq);
      case "ack":
        this.#answered(data.client_id, data);
        break;
      case "pong":
        if (data.id === undefined) this.#reads.answered();
        return this.#answered(data.id);
      case "error":
        return this.#refused(data);
      case "reconnect":
        this.#reconnectAt = performance.now() + bounded(data.after_ms);
        break;
    }
    this.#ledger.take(event);
  }

  /** The connection has brought us further, so the next failure is a first one. */
  #answered(key, data) {
    if (this.#outbox.acknowledge(key, data)) this.#failures = 0;
  }

  #welcome(data) {
    clearTimeout(this.#timers.patience);
    this.#interval = Math.min(this.#options.heartbeat, data.heartbeat_ms);
    this.#startHeartbeat();
    this.#limits = data.limits;
    this.#refusals = 0;
    this.#inside.clear();
    this.#isListed = false;
    this.#from = this.#ledger.welcome(data);
    if (this.#from) this.#resume();
    else this.#caughtUp([]);
  }

  #resume() {
    this.#sendFrame({ type: "resume", ...this.#from });
  }

  /** The client has caught up with the event log. */
  #caughtUp(incomplete) {
    this.#isUp = true;
    this.#isOpening = false;
    this.#timers.useful = setTimeout(() => (this.#failures = 0), this.#options.useful);
    if (this.#presence) this.#sendFrame({ type: "presence", status: this.#presence });
    this.#incomplete = incomplete;
    this.#fillIncomplete();
    this.#outbox.open((text) => this.#socket.send(text), this.#limits, this.#isPolling);
    this.#reads.open();
    if (this.#isPolling) this.#planUpgrade();
    else this.#upgrades = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    this.#takeOver();
    this.#handlers.emit("up", { transport: this.#isPolling ? "poll" : "websocket" });
  }

  /** Requests the missing entries, once it is known in which rooms we are. */
  #fillIncomplete() {
    if (!this.#isUp || !this.#isListed) return;
    for (const room_id of this.#incomplete.splice(0))
      if (this.#inside.has(room_id)) this.#fill(room_id);
  }

  #refused(data) {
    const error = new RealmError(data.code, data.message, data);
    const delay = bounded(data.retry_after_ms ?? this.#options.firstDelay);
    if (!this.#isUp && data.command === "resume" && data.retryable)
      return (this.#timers.resume = setTimeout(() => this.#resume(), delay));
    if (!this.#isUp) return this.#down(error);
    const known = this.#outbox.refuse(data, error);
    if (data.retryable) {
      this.#outbox.pause(delay);
      this.#handlers.emit("paused", { code: data.code, delay });
    }
    this.#reads.refuse(data);
    if (!known) this.#handlers.emit("error", error);
  }

  #startHeartbeat() {
    clearTimeout(this.#timers.heartbeat);
    this.#timers.heartbeat = setInterval(() => this.#beat(), this.#interval);
  }

  #beat() {
    if (!this.#received) return this.#down(lost("no answer to a ping"));
    this.#received = false;
    this.#ping();
  }
}

const lost = (cause, close) =>
  new RealmError(CLOSES[close] ?? "connection_lost", `The connection is lost: ${cause}`, { close });

const notKept = ({ message }) =>
  new RealmError("not_kept", `The message is lost if the page is closed before it is sent: ${message}`);

const bounded = (ms) => Math.min(ms, LONGEST_ORDER);
