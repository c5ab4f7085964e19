/** The last entry that the user has read in each room, until the realm knows it. */
export class Reads {
  #rooms = new Map(); // room_id → {up_to_seq, after}: how many pings were sent before it; null: it waits
  #pings = 0; // sent
  #isOpen = false;
  #timer;
  #turn;
  #send;

  /**
   * @param {() => number} turn milliseconds until a frame may be sent; 0: now, and it is counted
   * @param {(frame: object) => void} send
   */
  constructor(turn, send) {
    this.#turn = turn;
    this.#send = send;
  }

  add(room_id, up_to_seq) {
    this.#rooms.set(room_id, { up_to_seq, after: null });
    this.#flush();
  }

  open() {
    this.#isOpen = true;
    this.#flush();
  }

  /** What the realm may not have received is sent over the next connection. */
  close() {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    for (const read of this.#rooms.values()) read.after = null;
  }

  pinged() {
    this.#pings++;
  }

  /** The realm has received all that was sent before the last ping. */
  answered() {
    for (const [room_id, { after }] of this.#rooms)
      if (after !== null && after < this.#pings) this.#rooms.delete(room_id);
  }

  /** The server has refused a command. */
  refuse({ command, room_id, retryable }) {
    const read = command === "read" && this.#rooms.get(room_id);
    if (!read) return;
    if (retryable) read.after = null;
    else this.#rooms.delete(room_id);
    this.#flush();
  }

  #flush() {
    clearTimeout(this.#timer);
    if (!this.#isOpen) return;
    for (const [room_id, read] of this.#rooms) {
      if (read.after !== null) continue;
      const wait = this.#turn();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#flush(), wait);
        return;
      }
      read.after = this.#pings;
      this.#send({ type: "read", room_id, up_to_seq: read.up_to_seq });
    }
  }
}
