/** Clients that follow a realm (AEON_URL) by its events, and the comparison with a new snapshot. */
import { expect } from "vitest";

import { type Home, type RoomAnswer, roomOf, snapshotOf } from "../src/api";
import type { Message, Room } from "../src/model";
import { type Question, questionsAfter } from "../src/store/questions";
import { nothing, reduce, type State } from "../src/store/state";

declare const process: { env: Record<string, string | undefined> };
export const { AEON_URL } = process.env;
const NEWEST = 200; // messages of a room that are compared

interface Page {
  pos: number;
  events: { type: string; data: any }[];
}

/** A client of a user: what store.ts does, without a page. */
export class Client {
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
  messages = async (room: string) => (await this.call<Message[]>("GET", `/rooms/${room}/messages?limit=${NEWEST}`))!;
  #apply = (type: string, data: unknown) => (this.state = reduce(this.state, type, data));

  /** What goOn() takes. */
  kept = () => ({ state: this.state, epoch: this.#epoch, pos: this.#pos });

  goOn({ state, epoch, pos }: ReturnType<Client["kept"]>) {
    [this.state, this.#epoch, this.#pos] = [state, epoch, pos];
  }

  /** `opened`: rooms with loaded messages and members. */
  async begin(opened: number) {
    const snapshot = await this.snapshot();
    ({ epoch: this.#epoch, pos: this.#pos } = snapshot);
    this.#apply("snapshot", snapshot);
    for (const room_id of Object.keys(this.state.rooms).slice(0, opened)) {
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
    } else if (question.about === "me") {
      this.#apply("me", await this.call("GET", "/../users/me"));
    }
  }
}

/** Of the users in PEOPLE: [{id, username, token}]. */
export const clients = () =>
  (JSON.parse(process.env["PEOPLE"] ?? "[]") as Client[]).map(
    ({ id, username, token }) => new Client(id, username, token),
  );

/** What is compared of a message: live events do not have what depends on the reader, nor edits of a deleted one. */
const plain = ({ message_id, content, edited_at, deleted_at, reactions, my_reactions }: Message) =>
  [message_id, content, deleted_at ? null : edited_at, Boolean(deleted_at), reactions ?? {}, (my_reactions ?? []).toSorted()];
const without = <T extends object>(each: T, ...names: string[]) =>
  Object.fromEntries(Object.entries(each).filter(([key]) => !names.includes(key))) as T;
const byId = <T extends { id: string }>(list: T[]) => Object.fromEntries(list.map((each) => [each.id, each]));

/** What is compared of a room: the names of others and their twins are told with messages and members alone. */
const told = (room: Room, names: string[]) => ({
  ...without(room, "pins", ...names),
  last: room.last && without(room.last, "sender_name", "sender_full_name"),
  other: room.other && without(room.other, "full_name", "twin"),
});

/** Whether what the room ends with is shown as the knowledge is now, of which no event of the room tells. */
async function endsWithShare(person: Client, { id, last }: Room) {
  const message = last && (await person.call<Message>("GET", `/rooms/${id}/messages/${last.message_id}`));
  return message?.message_type === "knowledge";
}

/** Fails unless the state is what a new snapshot says, but for these properties of rooms. */
export async function expectFresh(person: Client, except: string[] = []) {
  const { me, invitations, ...snapshot } = await person.snapshot();
  const { state, username } = person;
  // No view has the number of pins, and the role is asked for when a room is opened.
  const rooms = snapshot.rooms.map((room) =>
    told(room, [...except, ...(state.members[room.id] ? [] : ["my_role"])]),
  );
  expect(Object.keys(state.rooms).toSorted(), username).toEqual(rooms.map(({ id }) => id).toSorted());
  for (const { id, last } of rooms)
    if (last && last.excerpt !== state.rooms[id]?.last?.excerpt && (await endsWithShare(person, state.rooms[id]!)))
      last.excerpt = state.rooms[id]!.last!.excerpt;
  expect(state.rooms, username).toMatchObject(byId(rooms));
  expect(without(state.me!, "updated_at"), username).toEqual(without(me!, "updated_at")); // no view shows that
  expect(state.invitations.map(({ room_id }) => room_id).toSorted(), username).toEqual(
    invitations.map(({ room_id }) => room_id).toSorted(),
  );
  for (const [room_id, { messages }] of Object.entries(state.logs)) {
    const now = (await person.messages(room_id)).toReversed();
    expect(messages.slice(-NEWEST).map(plain), `${username} ${room_id}`).toEqual(now.map(plain));
  }
}
