/**
 * The state is a function of a snapshot and the events after it. With a realm (AEON_URL) and its users
 * (PEOPLE: [{id, username, token}]) this drives them through random actions, the same for a SEED. For each user the
 * first snapshot and the events, with what is asked after them, must give what a new snapshot says.
 */
import { test } from "vitest";

import type { Message, Room } from "../src/model";
import { AEON_URL, type Client, clients, expectFresh } from "./follower";

declare const process: { env: Record<string, string | undefined> };
const { SEED = "1", ACTIONS = "200" } = process.env;
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
      const body = { related_user_id: pick(others)!.id, relationship_type: pick(["friend", "blocked"])! };
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

test.skipIf(!AEON_URL)("a snapshot and the events after it give the next snapshot", async () => {
  const people = clients();
  const act = actionsOf(newDice(Number(SEED)), []);
  for (let count = 0; count < BEFORE; count++) await act(people);
  for (const person of people) await person.begin(2);
  for (let count = 0; count < Number(ACTIONS); count++) {
    await act(people);
    for (const person of people) await person.follow();
  }
  for (const person of people) await expectFresh(person);
}, 600_000);
