/**
 * What a client has to say: kept until it is answered, in the order in which it was given, and sent
 * again with every new connection; no faster than the server allows.
 *
 * An item is one frame, or several of which the last is answered. Its key is what the answer names:
 * the `client_id` of a message, the `id` of a ping, or the room of a join.
 */

/** `code` is the realm's word for what is wrong, or one of this client's: see README.md. */
export class RealmError extends Error {
  constructor(code, message, details = {}) {
    super(message);
    this.name = "RealmError";
    this.code = code;
    this.details = details;
  }
}

const keyOf = ({ client_id, id, room_id }) => client_id ?? id ?? `join ${room_id}`;

export class Outbox {
  #items = new Map(); // key → {frames, sent, answer, resolve, reject}
  #most;
  #say = null; // while there is a connection
  #interval = 0; // milliseconds between two frames, sustained,
  #slack = 0; // which they may be early by,
  #next = 0; // when the next one is due
  #timer;

  /** @param {number} most items, above which none is taken */
  constructor(most) {
    this.#most = most;
  }

  /** The frames of all that waits, for post(). */
  state() {
    return [...this.#items.values()].map(({ frames }) => frames);
  }

  /** A connection begins. Half of its burst is left to whatever delays and bunches frames. */
  open(say, { messages_per_second, burst }) {
    this.#say = say;
    this.#interval = 1000 / messages_per_second;
    this.#slack = (this.#interval * burst) / 2;
    this.#next = 0;
    this.#pump();
  }

  close() {
    this.#say = null;
    clearTimeout(this.#timer);
    for (const item of this.#items.values()) item.sent = false;
  }

  /** Resolves with the answer. Who is there already is not posted again. */
  post(frames) {
    const key = keyOf(frames.at(-1));
    if (this.#items.has(key)) return this.#items.get(key).answer;
    if (this.#items.size >= this.#most)
      return Promise.reject(new RealmError("outbox_full", "Too much waits to be acknowledged"));
    const item = { frames, sent: false };
    item.answer = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    this.#items.set(key, item);
    this.#pump();
    return item.answer;
  }

  /** Whether this waits for its answer. */
  has(key) {
    return this.#items.has(key);
  }

  acknowledge(key, answer) {
    const item = this.#items.get(key);
    if (!item?.sent) return;
    this.#items.delete(key);
    item.resolve(answer);
  }

  /** The server has refused something. Returns whether it was one of these. */
  refuse({ client_id, room_id, retryable }, error) {
    const keys = [client_id, `join ${room_id}`, `leave ${room_id}`];
    const key = keys.find((name) => this.#items.has(name));
    if (key === undefined) return false;
    if (retryable) {
      this.#rewind(key);
    } else {
      this.#items.get(key).reject(error);
      this.#items.delete(key);
    }
    return true;
  }

  /** Nothing is sent for so many milliseconds. */
  pause(ms) {
    this.#next = performance.now() + this.#slack + ms;
    this.#pump();
  }

  rejectAll(error) {
    for (const { reject } of this.#items.values()) reject(error);
  }

  /** Milliseconds until a frame may be sent; 0: now, and it is counted. */
  turn() {
    const now = performance.now();
    const wait = this.#next - this.#slack - now;
    if (wait > 0) return wait;
    this.#next = Math.max(this.#next, now) + this.#interval;
    return 0;
  }

  /** What was sent behind it goes again, too, in order; some of it may have been taken meanwhile. */
  #rewind(key) {
    let behind = false;
    for (const [name, item] of this.#items) if ((behind ||= name === key)) item.sent = false;
  }

  #pump() {
    clearTimeout(this.#timer);
    if (!this.#say) return;
    for (const item of this.#items.values()) {
      if (item.sent) continue;
      const wait = this.turn();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), wait);
        return;
      }
      item.sent = true;
      item.frames.forEach(this.#say);
    }
  }
}
