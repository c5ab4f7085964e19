/**
 * The clients of the crash test. They post, edit, delete, react, join and leave, and record what they
 * sent, what was answered and what they were shown. checker.py checks these records.
 *
 * Commands come on standard input, one JSON object on a line, and each is answered by a line.
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { appendFileSync } from "node:fs";
import { AeonRealm, RealmError } from "../../clients/js/aeon-realm.js";

const { WebSocket } = createRequire(import.meta.url)("ws");
const NOTED = new Set(["down", "end", "error", "gap", "reset"]);
const KEYS = ["+1", "heart", "👋"];
const HURRY = { firstDelay: 60, longestDelay: 400, patience: 2000, heartbeat: 1000 };
const AWAY = 0.1; // the share of the rounds in which a client is closed
/* Milliseconds after which a wait has failed. */
const PATIENCE = 60_000 * Number(process.env.AEON_TEST_PATIENCE ?? 1);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Random numbers from 0 to 1, which are the same for the same seed (mulberry32). */
function dice(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

let records = [];

class Person {
  /** rooms: its rooms; doors: rooms that it joins and leaves; walls: rooms that it may never see */
  constructor({ base, name, token, rooms, doors, walls, rest }) {
    Object.assign(this, { name, rooms, doors, walls, rest });
    this.inside = new Set();
    this.entries = new Set(); // the kinds that carry a room's seq; `welcome` names them
    this.pending = new Set();
    this.last = {}; // room → the seq shown last
    this.seen = []; // messages of this round
    this.count = 0;
    this.open = (state) => {
      this.client = new AeonRealm(base, token, { ...HURRY, WebSocket, state });
      this.client.on("*", (type, data, pos) => this.hear(type, data, pos));
      return this.client.connect();
    };
  }

  note(t, record) {
    records.push(JSON.stringify({ c: this.name, t, ...record }));
  }

  hear(type, data, pos = null) {
    if (this.entries.has(type)) {
      this.last[data.room_id] = data.seq;
      const { room_id: room, seq, message_id: message, content, key = null, on = null } = data;
      const user = data.sender_id ?? data.user_id;
      this.note("show", { room, seq, kind: type, message, user, content, key, on, pos });
      if (type === "chat_message") this.seen.push({ room, message, user });
    } else if (NOTED.has(type) && data.code !== "closed") {
      this.note(type, data instanceof Error ? { code: data.code, why: data.message } : data);
    } else if (type === "room_info") {
      this.note("in", { room: data.room_id, last_seq: data.last_seq });
    } else if (type === "welcome") {
      this.id = data.user_id;
      this.entries = new Set(data.entries);
    }
  }

  async begin() {
    await this.open({});
    for (const room of this.rooms) await this.join(room, {});
  }

  // --- actions; each promise is in `pending` until it is answered ------------------------------

  keep(promise) {
    this.pending.add(promise);
    return promise.finally(() => this.pending.delete(promise));
  }

  /** Sends something over the WebSocket or REST, and records the answer. */
  say(op, room, more = {}) {
    const id = `${this.name}-${++this.count}`;
    this.note("say", { id, op, room, ...more });
    const done = (this.rest || op === "pin" ? this.post(id, op, room, more) : this.send(id, op, room, more)).then(
      ({ message_id, seq, duplicate }) =>
        this.note("ok", { id, message: message_id, seq, new: duplicate === false }),
      (error) => this.note("no", { id, code: error.code, why: error.message }),
    );
    return this.keep(done);
  }

  send(client_id, op, room, { message, content, key, on }) {
    switch (op) {
      case "post":
        return this.client.send(room, content, { client_id });
      case "edit":
        return this.client.edit(room, message, content);
      case "delete":
        return this.client.delete(room, message);
      case "react":
        return this.client.react(room, message, key, on);
    }
  }

  /** Repeats a request until it is answered. The answer of REST to a change has no seq of its own. */
  async post(client_id, op, room, { message, content, key, on }) {
    const messages = `/api/v1/phase3/rooms/${room}/messages`;
    const calls = {
      post: ["POST", messages, { content, client_id }],
      edit: ["PATCH", `${messages}/${message}`, { content }],
      delete: ["DELETE", `${messages}/${message}`],
      pin: [on ? "PUT" : "DELETE", `/api/v1/phase3/rooms/${room}/pins/${message}`],
      react: [on ? "PUT" : "DELETE", `${messages}/${message}/reactions/${encodeURIComponent(key)}`],
    };
    for (const deadline = Date.now() + PATIENCE; ; await sleep(30)) {
      try {
        const answer = await this.client.request(...calls[op]);
        return op === "post" ? answer : { message_id: message, duplicate: true };
      } catch (error) {
        const final = error instanceof RealmError && error.details.status < 500;
        if (final || Date.now() > deadline) throw error;
      }
    }
  }

  join(room, how) {
    this.note("join", { room, since: how.since ?? null });
    this.inside.add(room);
    const done = this.client.join(room, how).catch(({ code }) => {
      this.inside.delete(room);
      this.note("out", { room, code });
    });
    return this.keep(done);
  }

  leave(room) {
    this.inside.delete(room);
    return this.keep(this.client.leave(room).then(() => this.note("out", { room })));
  }

  // --- a round ---------------------------------------------------------------------------------

  async live(roll, until) {
    if (roll() < AWAY) return this.stayAway(until);
    const pick = (list) => list[Math.floor(roll() * list.length)];
    this.seen = [];
    this.changing = null;
    while (Date.now() < until) {
      await sleep(4 + roll() * 40);
      const here = this.seen.filter(({ room }) => this.inside.has(room)).slice(-20);
      const mine = here.filter(({ user }) => user === this.id);
      const what = roll();
      if (what < 0.06) await this.wander(roll, pick);
      else if (what < 0.16 && mine.length) this.change("edit", pick(mine));
      else if (what < 0.19 && mine.length) this.change("delete", pick(mine));
      else if (what < 0.32 && here.length) this.change("react", pick(here), pick(KEYS), roll() < 0.7);
      else if (what < 0.35 && here.length) this.change("pin", pick(here), undefined, roll() < 0.7);
      else if (this.inside.size) this.say("post", pick([...this.inside]), { content: this.words() });
      if (this.rest) await Promise.allSettled(this.pending);
    }
  }

  /** Closes the client and opens it later with the state that it kept. */
  async stayAway(until) {
    this.note("away", {});
    const state = this.client.state();
    this.client.close();
    await sleep(until - Date.now());
    this.keep(this.open(state));
  }

  words() {
    return `${this.name} says ${this.count + 1}`;
  }

  change(op, { room, message }, key, on) {
    const more = { edit: { content: this.words() }, react: { key, on }, pin: { on } }[op];
    this.changing = this.say(op, room, { message, ...more });
  }

  /** Waits for a change first: sent again after leaving, it would be refused although it was made. */
  async wander(roll, pick) {
    if (this.walls.length && roll() < 0.3) return void this.join(pick(this.walls), {});
    if (!this.doors.length) return;
    const room = pick(this.doors);
    await this.changing;
    if (!this.inside.has(room)) this.join(room, roll() < 0.5 ? {} : { since: this.last[room] });
    else if (this.inside.size > 1) await this.leave(room);
  }

  /** Joins every room that was left, so that the next round begins like this one. */
  joinAgain() {
    for (const room of this.rooms)
      if (!this.inside.has(room)) this.join(room, { since: this.last[room] });
  }

  isCaughtUp(last) {
    const { rooms } = this.client.state();
    return [...this.inside].every((room) => rooms[room]?.[0] >= last[room]);
  }
}

let people = [];

async function within(ms, isDone) {
  for (const deadline = Date.now() + ms; !isDone(); await sleep(5))
    if (Date.now() > deadline) return false;
  return true;
}

const commands = {
  async begin({ base, cast }) {
    people = cast.map((who) => new Person({ base, ...who }));
    await Promise.all(people.map((person) => person.begin()));
  },
  async live({ seed, ms }) {
    const until = Date.now() + ms;
    await Promise.all(people.map((person, at) => person.live(dice(seed + at), until)));
  },
  /** Waits until every request has its answer. Returns the clients that still wait. */
  async settle() {
    people.forEach((person) => person.joinAgain());
    await within(PATIENCE, () => people.every(({ pending }) => pending.size === 0));
    return people.filter(({ pending }) => pending.size > 0).map(({ name }) => name);
  },
  /** Waits until every client was shown all up to `last`, room → seq. Returns those that lag. */
  async catch_up({ last }) {
    await within(PATIENCE, () => people.every((person) => person.isCaughtUp(last)));
    return people.filter((person) => !person.isCaughtUp(last)).map(({ name }) => name);
  },
  async write({ file }) {
    appendFileSync(file, records.map((record) => `${record}\n`).join(""));
    records = [];
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...how } = JSON.parse(line);
  const answer = await commands[name](how);
  process.stdout.write(`${JSON.stringify(answer ?? null)}\n`);
}
for (const { client } of people) client.close();
