/**
 * Outgoing frames. Each is kept in order until it is answered, and sent again on every new connection,
 * not faster than the server allows.
 *
 * An item has one or several frames, and the server answers its last frame. The item's key is in that
 * answer: the `client_id` of a message, the `id` of a ping, or the room of a join.
 */

/** `code` is a code of the realm or of this client: see README.md. */
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
  #say = null; // sends a frame; null without a connection
  #interval = 0; // mean milliseconds between two frames
  #slack = 0; // milliseconds that a frame may be early
  #next = 0; // the time at which the next frame is due
  #timer;

  /** @param {number} most items that can wait */
  constructor(most) {
    this.#most = most;
  }

  /** The frames of all waiting items, for post(). */
  state() {
    return [...this.#items.values()].map(({ frames }) => frames);
  }

  /** A connection begins. Half of the burst is left for frames that the network delays and bunches. */
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

  /** Resolves with the answer. An item with the same key is not added again. */
  post(frames) {
    const key = keyOf(frames.at(-1));
    if (this.#items.has(key)) return this.#items.get(key).answer;
    if (this.#items.size >= this.#most)
      return Promise.reject(new RealmError("outbox_full", "Too many messages wait for an answer"));
    const item = { frames, sent: false };
    item.answer = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    this.#items.set(key, item);
    this.#pump();
    return item.answer;
  }

  /** Whether this item waits for its answer. */
  has(key) {
    return this.#items.has(key);
  }

  acknowledge(key, answer) {
    const item = this.#items.get(key);
    if (!item?.sent) return;
    this.#items.delete(key);
    item.resolve(answer);
  }

  /** The server has refused something. Returns whether it was one of the items. */
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

  /** Sends nothing for so many milliseconds. */
  pause(ms) {
    this.#next = performance.now() + this.#slack + ms;
    this.#pump();
  }

  rejectAll(error) {
    for (const { reject } of this.#items.values()) reject(error);
  }

  /** Milliseconds until a frame may be sent. 0: now, and the frame is counted as sent. */
  turn() {
    const now = performance.now();
    const wait = this.#next - this.#slack - now;
    if (wait > 0) return wait;
    this.#next = Math.max(this.#next, now) + this.#interval;
    return 0;
  }

  /** Sends this item and all later ones again, in order. The server may have stored some already. */
  #rewind(key) {
    let found = false;
    for (const [name, item] of this.#items) if ((found ||= name === key)) item.sent = false;
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
