/**
 * What a client has been shown, and what to do with what comes next.
 *
 * Bookkeeping alone, without a socket or a timer. It keeps the database's `epoch`, one position
 * `pos` in its log of events, and for each room the `seq` of the last entry shown. With these every
 * entry of a room is shown once and in order, whichever way and however often it comes.
 */

export class Ledger {
  #epoch;
  #pos;
  #rooms; // id → {seq: shown up to here, until: known to exist up to here}
  #entries = new Set(); // the kinds that carry a room's `seq`; the server names them
  #early = null; // while resuming, until the replay is seen to have begun: {pos, held}
  #show;
  #fill;

  /**
   * @param {object} [state] what state() gave before
   * @param {(type: string, data: object, pos?: number) => void} show is called for what is new, and
   *   for `gap` {room_id, from_seq, to_seq} and `reset` {epoch}
   * @param {(room_id: string) => void} fill is called when something of a room is missing
   */
  constructor({ epoch = null, pos = 0, rooms = {} } = {}, show, fill) {
    this.#epoch = epoch;
    this.#pos = pos;
    this.#rooms = new Map(Object.entries(rooms).map(([id, [seq, until]]) => [id, { seq, until }]));
    this.#show = show;
    this.#fill = fill;
  }

  state() {
    const rooms = [...this.#rooms].map(([id, { seq, until }]) => [id, [seq, until]]);
    return { epoch: this.#epoch, pos: this.#pos, rooms: Object.fromEntries(rooms) };
  }

  /** A connection begins. Returns what to resume from, or null when it is live already. */
  welcome({ epoch, pos, entries }) {
    this.#entries = new Set(entries);
    if (this.#epoch === epoch) {
      this.#early = { pos, held: [] };
      return { epoch, pos: this.#pos };
    }
    this.#start(epoch, pos);
    return null;
  }

  /** The replay is over. Returns the rooms that lack something. */
  resumed({ pos, gaps, epoch_changed }) {
    if (epoch_changed) {
      this.#start(this.#epoch, pos);
      return [];
    }
    const held = this.#early?.held ?? [];
    this.#early = null;
    for (const event of held) this.take(event);
    this.#pos = Math.max(this.#pos, pos);
    for (const { room_id, to_seq } of gaps) this.#expect(room_id, to_seq);
    return [...this.#rooms].filter(([, room]) => room.until > room.seq).map(([id]) => id);
  }

  /** The last seq shown of a room, or undefined. */
  seq(room_id) {
    return this.#rooms.get(room_id)?.seq;
  }

  /** From here on the room is followed, if it was not. */
  follow(room_id, seq) {
    if (!this.#rooms.has(room_id)) this.#rooms.set(room_id, { seq, until: seq });
  }

  /** A room answered that its log goes up to `last_seq`; what is missing of it follows. */
  joined({ room_id, last_seq }) {
    this.follow(room_id, last_seq);
    this.#expect(room_id, last_seq);
  }

  forget(room_id) {
    this.#rooms.delete(room_id);
  }

  /** What is missing of the room cannot be had. */
  abandon(room_id) {
    this.skip(room_id, this.#rooms.get(room_id)?.until);
  }

  /** The entries up to to_seq will not come. */
  skip(room_id, to_seq) {
    const room = this.#rooms.get(room_id);
    if (!room || to_seq <= room.seq) return;
    const from_seq = room.seq + 1;
    room.seq = to_seq;
    room.until = Math.max(room.until, to_seq);
    this.#show("gap", { room_id, from_seq, to_seq });
  }

  /** An event: with a position from the log, without one from a room's history or a passing one. */
  take(event) {
    const { type, data, pos } = event;
    if (pos !== undefined) {
      if (pos <= this.#pos || this.#isEarly(event)) return;
      this.#pos = pos;
    }
    if (type === "room_removed") this.forget(data.room_id);
    if (this.#entries.has(type)) this.#enter(event);
    else this.#show(type, data, pos);
  }

  /**
   * Before it takes `resume` the server may have sent live events. They come again, so they are held
   * back and let go once the replay is seen to have begun: by a position that no live event of this
   * connection can have, or by one that does not ascend.
   */
  #isEarly(event) {
    if (!this.#early) return false;
    const { pos, held } = this.#early;
    if (event.pos > pos && !(event.pos <= held.at(-1)?.pos)) {
      held.push(event);
      return true;
    }
    this.#early = null;
    return false;
  }

  #enter({ type, data, pos }) {
    const { room_id, seq } = data;
    this.follow(room_id, seq - 1);
    const room = this.#rooms.get(room_id);
    if (seq <= room.seq) return;
    if (seq > room.seq + 1 && pos !== undefined) {
      // It comes again, after what is missing before it.
      this.#expect(room_id, seq);
      this.#fill(room_id);
      return;
    }
    this.skip(room_id, seq - 1);
    room.seq = seq;
    room.until = Math.max(room.until, seq);
    this.#show(type, data, pos);
  }

  #expect(room_id, seq) {
    const room = this.#rooms.get(room_id);
    if (room) room.until = Math.max(room.until, seq);
  }

  /** Whatever was shown belongs to another life of the database, if any was. */
  #start(epoch, pos) {
    const was = this.#epoch;
    this.#epoch = epoch;
    this.#pos = pos;
    this.#early = null;
    if (was === null) return;
    this.#rooms.clear();
    this.#show("reset", { epoch });
  }
}
