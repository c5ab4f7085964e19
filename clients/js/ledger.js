/**
 * Decides which received events are new, and shows each of them once and in order.
 *
 * It has no socket and no timer. Its state is the database's `epoch`, a position `pos` in the event
 * log, and for each room the `seq` of the last shown entry. So an entry is shown once, even if it
 * comes several times or in several ways.
 */

export class Ledger {
  #epoch;
  #pos;
  #rooms; // id → {seq: last shown entry, until: last entry that is known to exist}
  #entries = new Set(); // types of events that have a room's `seq`; the server sends this list
  #early = null; // {pos, held} while resuming, until the first event of the replay
  #show;
  #fill;

  /**
   * @param {object} [state] an earlier result of state()
   * @param {(type: string, data: object, pos?: number) => void} show is called for new events, for
   *   `gap` {room_id, from_seq, to_seq} and for `reset` {epoch}
   * @param {(room_id: string) => void} fill is called when entries of a room are missing
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

  /** A connection begins. Returns where to resume, or null when there is nothing to resume. */
  welcome({ epoch, pos, entries }) {
    this.#entries = new Set(entries);
    if (this.#epoch === epoch) {
      this.#early = { pos, held: [] };
      return { epoch, pos: this.#pos };
    }
    this.#start(epoch, pos);
    return null;
  }

  /** A part of the end of the replay. The last one returns the ids of rooms with missing entries. */
  resumed({ pos, gaps, epoch_changed }, more) {
    if (epoch_changed) {
      this.#start(this.#epoch, pos);
      return [];
    }
    for (const { room_id, to_seq } of gaps) this.#expect(room_id, to_seq);
    if (more) return null; // a state with this position must have all gaps
    const held = this.#early?.held ?? [];
    this.#early = null;
    for (const event of held) this.take(event);
    this.#pos = Math.max(this.#pos, pos);
    return [...this.#rooms].filter(([, room]) => room.until > room.seq).map(([id]) => id);
  }

  /** The seq of a room's last shown entry, or undefined. */
  seq(room_id) {
    return this.#rooms.get(room_id)?.seq;
  }

  /** Follows the room from this seq on, unless it is followed already. */
  follow(room_id, seq) {
    if (!this.#rooms.has(room_id)) this.#rooms.set(room_id, { seq, until: seq });
  }

  /** A room's log goes up to `last_seq`; the missing entries will follow. */
  joined({ room_id, last_seq }) {
    this.follow(room_id, last_seq);
    this.#expect(room_id, last_seq);
  }

  forget(room_id) {
    this.#rooms.delete(room_id);
  }

  /** The room's missing entries cannot be received. */
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

  /** An event. Without a position it is from a room's history, or is not in the event log. */
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
   * The server may send live events before it handles `resume`. It sends them again in the replay, so
   * they are held back until the replay begins. Its first event has a position that no live event of
   * this connection can have, or one that is not higher than the position before.
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
      // The server sends it again, after the missing entries.
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

  /** The database is another one: everything that was shown belongs to the old one. */
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
