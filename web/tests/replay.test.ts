/**
 * The state is a function of a snapshot and the events after it. With a realm (AEON_URL) and its users
 * (PEOPLE: [{id, username, token}]) this drives them through random actions, the same for a SEED. For each user the
 * first snapshot and the events, with what is asked after them, must give what a new snapshot says. Nobody
 * blocks anybody: the blocked user is not told, so that user's counts follow from no event.
 */
import { expect, test } from "vitest";

import { type Home, type RoomAnswer, roomOf, snapshotOf } from "../src/api";
import type { Message, Room } from "../src/model";
import { type Question, questionsAfter } from "../src/store/questions";
import { nothing, reduce, type State } from "../src/store/state";

declare const process: { env: Record<string, string | undefined> };
const { AEON_URL, PEOPLE = "[]", SEED = "1", ACTIONS = "200" } = process.env;
const BEFORE = 60; // actions before the first snapshot

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function newDice(seed: number) {
  let now = seed | 0;
  return () => {
    now = (now + 0x6d2b79f5) | 0;
    let mixed = Math.imul(now ^ (now >>> 15), 1 | now);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Page {
  pos: number;
  events: { type: string; data: any }[];
}

/** A client of a user: what store.ts does, without a page. */
class Client {
  state: State = nothing;
  #epoch = "";
  #pos = 0;
  constructor(
    readonly id: number,
    readonly username: string,
    readonly token: string,
  ) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${AEON_URL}/api/v1/phase3${path}`, init);
    expect(answer.status, `${method} ${path}`).toBeLessThan(500);
    expect(answer.status, `${method} ${path}`).not.toBe(429);
    return answer.ok && answer.status !== 204 ? ((await answer.json()) as T) : null;
  }

  snapshot = async () => snapshotOf((await this.call<Home>("GET", "/home"))!);
  messages = async (room: string) => (await this.call<Message[]>("GET", `/rooms/${room}/messages?limit=200`))!;
  #apply = (type: string, data: unknown) => (this.state = reduce(this.state, type, data));

  async begin() {
    const snapshot = await this.snapshot();
    ({ epoch: this.#epoch, pos: this.#pos } = snapshot);
    this.#apply("snapshot", snapshot);
    for (const room_id of Object.keys(this.state.rooms).slice(0, 2)) {
      this.#apply("part", { room_id, messages: await this.messages(room_id), isWhole: true, isNew: true });
      await this.#ask({ about: "room", room_id });
    }
  }

  async follow() {
    for (;;) {
      const page = (await this.call<Page>("GET", `/events?since=${this.#pos}&epoch=${this.#epoch}&limit=200`))!;
      if (page.pos === this.#pos) return;
      this.#pos = page.pos;
      const questions = new Map<string, Question>();
      for (const { type, data } of page.events) {
        this.#apply(type, data);
        for (const question of questionsAfter(this.state, type, data))
          questions.set(JSON.stringify(question), question);
      }
      for (const question of questions.values()) await this.#ask(question);
    }
  }

  async #ask(question: Question) {
    if (question.about === "all") {
      this.#apply("snapshot", await this.snapshot());
    } else if (question.about === "rooms") {
      const rooms = (await this.call<Room[]>("GET", "/rooms?joined=true&sort=activity&limit=50"))!;
      for (const room of rooms) this.#apply("room", roomOf(room));
    } else if (question.about === "room") {
      const room = await this.call<RoomAnswer>("GET", `/rooms/${question.room_id}`);
      if (room) this.#apply("loaded", room);
    } else if (question.about === "message") {
      const { room_id, message_id } = question;
      const message = await this.call<Message>("GET", `/rooms/${room_id}/messages/${message_id}`);
      if (message) this.#apply("message", message);
    }
  }
}

type Action = (who: Client, others: Client[], room: string, path: string) => Promise<unknown>;

/** Random actions; many are refused, as those of users are. */
function actionsOf(dice: () => number, rooms: string[]) {
  const pick = <T>(list: T[]): T | undefined => list[Math.floor(dice() * list.length)];
  const words = (others: Client[]) =>
    `text ${Math.floor(dice() * 1e6)}${dice() < 0.25 ? ` @${pick(others)!.username}` : ""}${dice() < 0.05 ? " @room" : ""}`;
  const messageOf = async (who: Client, room: string, own: boolean) =>
    pick(((await who.call<Message[]>("GET", `/rooms/${room}/messages?limit=20`)) ?? [])
      .filter(({ sender_id, deleted_at }) => !deleted_at && (!own || sender_id === who.id)));
  const onMessage = (own: boolean, act: (who: Client, path: string, others: Client[]) => Promise<unknown>): Action =>
    async (who, others, room, path) => {
      const found = await messageOf(who, room, own);
      if (found) await act(who, `${path}/messages/${found.message_id}`, others);
    };
  const weighted: [number, Action][] = [
    [3, async (who) => {
      const made = await who.call<Room>("POST", "/rooms", { name: "A room", is_public: dice() < 0.7 });
      rooms.push(made!.id);
    }],
    [10, (who, _, __, path) => who.call("POST", `${path}/join`)],
    [2, (who, _, __, path) => who.call("POST", `${path}/leave`)],
    [40, (who, others, _, path) => who.call("POST", `${path}/messages`, { content: words(others) })],
    [8, onMessage(true, (who, path, others) => who.call("PATCH", path, { content: words(others) }))],
    [5, onMessage(true, (who, path) => who.call("DELETE", path))],
    [8, onMessage(false, (who, path) => who.call(dice() < 0.7 ? "PUT" : "DELETE", `${path}/reactions/heart`))],
    [10, async (who, _, __, path) => {
      const seq = Math.floor(dice() * 60);
      await who.call("PUT", `${path}/read`, { up_to_seq: seq, ...(dice() < 0.2 ? { unread: true } : {}) });
    }],
    [3, (who, _, __, path) => who.call("PUT", `${path}/notify`, { notify: pick(["all", "mentions", "none"]) })],
    [2, (who, _, __, path) => dice() < 0.5
      ? who.call("PUT", `${path}/mute`, { until: "2099-01-01T00:00:00Z" })
      : who.call("DELETE", `${path}/mute`)],
    [3, (who, others, _, path) => who.call("POST", `${path}/invitations`, { user_id: pick(others)!.id })],
    [3, (who, _, __, path) => who.call("PATCH", path, { topic: `topic ${Math.floor(dice() * 1e6)}` })],
    [1, (who, others) => {
      const body = { related_user_id: pick(others)!.id, relationship_type: "friend" };
      return who.call("POST", "/relationships", body);
    }],
    [1, (who, others) => who.call("DELETE", `/relationships/${pick(others)!.id}`)],
    [1, (who, others) => who.call("PUT", "/direct", { user_ids: [pick(others)!.id] })],
    [1, (who, others, _, path) => who.call("DELETE", `${path}/participants/${pick(others)!.id}`)],
  ];
  const all = weighted.flatMap(([weight, action]) => Array<Action>(weight).fill(action));
  return async (people: Client[]) => {
    const who = pick(people)!;
    const room = pick(rooms) ?? "none";
    await pick(all)!(who, people.filter((other) => other !== who), room, `/rooms/${room}`);
  };
}

/** What is compared of a message: live events do not have what depends on the reader. */
const plain = ({ message_id, content, edited_at, deleted_at, reactions, my_reactions }: Message) =>
  [message_id, content, edited_at, Boolean(deleted_at), reactions ?? {}, (my_reactions ?? []).toSorted()];
const without = <T extends object>(each: T, ...names: string[]) =>
  Object.fromEntries(Object.entries(each).filter(([key]) => !names.includes(key))) as T;
const byId = <T extends { id: string }>(list: T[]) => Object.fromEntries(list.map((each) => [each.id, each]));

test.skipIf(!AEON_URL)("a snapshot and the events after it give the next snapshot", async () => {
  const people = (JSON.parse(PEOPLE) as Client[]).map(({ id, username, token }) => new Client(id, username, token));
  const act = actionsOf(newDice(Number(SEED)), []);
  for (let count = 0; count < BEFORE; count++) await act(people);
  for (const person of people) await person.begin();
  for (let count = 0; count < Number(ACTIONS); count++) {
    await act(people);
    for (const person of people) await person.follow();
  }
  for (const person of people) {
    const { me, invitations, ...snapshot } = await person.snapshot();
    const { state, username } = person;
    // No view has the number of pins, and the role is asked for when a room is opened.
    const rooms = snapshot.rooms.map((room) =>
      without(room, "pins", ...(state.members[room.id] ? [] : ["my_role"])),
    );
    expect(Object.keys(state.rooms).toSorted(), username).toEqual(rooms.map(({ id }) => id).toSorted());
    expect(state.rooms, username).toMatchObject(byId(rooms));
    expect(state.me, username).toEqual(me);
    expect(state.invitations.map(({ room_id }) => room_id).toSorted(), username).toEqual(
      invitations.map(({ room_id }) => room_id).toSorted(),
    );
    for (const [room_id, { messages }] of Object.entries(state.logs)) {
      const now = (await person.messages(room_id)).toReversed();
      expect(messages.map(plain), `${username} ${room_id}`).toEqual(now.map(plain));
    }
  }
}, 600_000);
