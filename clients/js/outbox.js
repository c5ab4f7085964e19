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

const DEEPEST = 16; // levels of a frame's JSON, and the values in it: the realm takes no more
const MOST_VALUES = 10_000;
const LONGEST_ID = 64; // characters

const keyOf = ({ client_id, id, room_id }) => client_id ?? id ?? `join ${room_id}`;

/** The key of the item that an error is about. An error of another command is never of an item. */
const VERBS = { join_room: "join", leave_room: "leave" };
const refusedKey = ({ client_id, command, room_id }) => client_id ?? `${VERBS[command]} ${room_id}`;

const refusal = (code, message) => new RealmError(code, message, { retryable: false });
const invalid = (why) => refusal("validation_error", `The message ${why}`);

/** Why the realm would not take a text of JSON, or null. */
function fault(text, most) {
  if (new TextEncoder().encode(text).length > most)
    return refusal("body_too_large", `The message has more than ${most} bytes`);
  // JSON.stringify() escapes half a surrogate pair, and nothing else in this way.
  if (/\\u(?:0000|d[89a-f])/.test(text.replaceAll("\\\\", "")))
    return invalid("has a NUL or half a character");
  let depth = 0;
  let values = 1;
  for (const mark of text.replace(/"(?:[^"\\]|\\.)*"/g, "")) {
    if (mark === "{" || mark === "[") depth++, values++;
    else if (mark === "}" || mark === "]") depth--;
    else if (mark === ",") values++;
    if (depth > DEEPEST) return invalid("is nested too deeply");
    if (values > MOST_VALUES) return invalid("has too many values");
  }
  return null;
}

/** A frame as text. Throws a RealmError for a frame that the realm would refuse in any case. */
export function encode(frame, most) {
  let text;
  try {
    text = JSON.stringify(frame);
  } catch (error) {
    throw invalid(`is no JSON: ${error.message}`);
  }
  if ([...String(frame.client_id ?? "")].length > LONGEST_ID)
    throw invalid(`has a client_id of more than ${LONGEST_ID} characters`);
  const error = fault(text, most);
  if (error) throw error;
  return text;
}

export class Outbox {
  #items = new Map(); // key → {texts, sent, answer, resolve, reject}
  #most;
  #changed;
  #kept;
  #frameBytes = 65_536; // of a frame, as the last server has named it
  #isCareful = false; // after a frame that ended a connection: one item at a time
  #isSerial = false; // the connection takes one item at a time
  #isNamed = false; // the last answer has refused an item by its name
  #say = null; // sends a frame; null without a connection
  #interval = 0; // mean milliseconds between two frames
  #slack = 0; // milliseconds that a frame may be early
  #next = 0; // the time at which the next frame is due
  #timer;

  /**
   * @param {number} most items that can wait
   * @param {(waiting: number) => void} changed is called when an item begins to wait, before it is sent, and when
   *   it ends
   * @param {{add: Function, remove: Function}} [kept] keeps what has a `client_id`, until it ends;
   *   add() resolves when the item may be sent
   */
  constructor(most, changed, kept = null) {
    this.#most = most;
    this.#changed = changed;
    this.#kept = kept;
  }

  /** The frames of all waiting items, for post(). */
  state() {
    return [...this.#items.values()].map(({ texts }) => texts.map((text) => JSON.parse(text)));
  }

  get frameBytes() {
    return this.#frameBytes;
  }

  /**
   * A connection begins. Half of the burst is left for frames that the network delays and bunches.
   * `isSerial`: it takes one item after the other.
   */
  open(say, { messages_per_second, burst, frame_bytes }, isSerial = false) {
    this.#say = say;
    this.#isSerial = isSerial;
    this.#frameBytes = frame_bytes ?? this.#frameBytes;
    this.#isNamed = false;
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

  /** Resolves with the answer. An item with the same key is not added again. `isKept`: it is kept already. */
  async post(frames, isKept = !this.#kept) {
    const { client_id } = frames.at(-1);
    const key = keyOf(frames.at(-1));
    if (this.#items.has(key)) return this.#items.get(key).answer;
    if (this.#items.size >= this.#most)
      throw new RealmError("outbox_full", "Too many messages wait for an answer");
    const texts = frames.map((frame) => encode(frame, this.#frameBytes));
    const item = { texts, sent: false, mayGo: isKept || client_id === undefined };
    item.answer = new Promise((resolve, reject) => Object.assign(item, { resolve, reject }));
    this.#items.set(key, item);
    this.#changed(this.#items.size);
    if (item.mayGo) this.#pump();
    else this.#keep(key, item, frames);
    return item.answer;
  }

  async #keep(key, item, frames) {
    await this.#kept.add(key, frames);
    item.mayGo = true;
    this.#pump();
  }

  /** Whether this item waits for its answer. */
  has(key) {
    return this.#items.has(key);
  }

  /** Returns whether an item has waited for this answer. */
  acknowledge(key, answer) {
    const item = this.#items.get(key);
    if (!item?.sent) return false;
    this.#isNamed = false;
    this.#end(key, (ended) => ended.resolve(answer));
    return true;
  }

  /** The server has refused something. Returns whether it was one of the items. */
  refuse(data, error) {
    const key = refusedKey(data);
    if (!this.#items.has(key)) return false;
    this.#isNamed = true;
    if (data.retryable) this.#rewind(key);
    else this.#end(key, ({ reject }) => reject(error));
    return true;
  }

  /**
   * The server has ended the connection because of a frame, and has not named it. If several items
   * were sent, they are sent again one by one, until the same happens with the one at fault.
   */
  blame(error) {
    const sent = [...this.#items].filter(([, item]) => item.sent);
    if (this.#isNamed || sent.length === 0) return;
    if (sent.length === 1) this.#end(sent[0][0], ({ reject }) => reject(error));
    this.#isCareful = sent.length > 1 || this.#isCareful;
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

  #end(key, settle) {
    const item = this.#items.get(key);
    this.#items.delete(key);
    this.#kept?.remove(key);
    if (this.#items.size === 0) this.#isCareful = false;
    settle(item);
    this.#changed(this.#items.size);
    if (this.#isOneByOne) this.#pump();
  }

  get #isOneByOne() {
    return this.#isCareful || this.#isSerial;
  }

  #pump() {
    clearTimeout(this.#timer);
    if (!this.#say) return;
    for (const item of this.#items.values()) {
      if (item.sent && this.#isOneByOne) return;
      if (item.sent) continue;
      if (!item.mayGo) return;
      const wait = this.turn();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), wait);
        return;
      }
      item.sent = true;
      item.texts.forEach(this.#say);
      if (this.#isOneByOne) return;
    }
  }
}
