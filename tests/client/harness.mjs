/**
 * Functions that the scripts of this folder share. A script is one test, and fails when it throws. The
 * realm runs already. realm(…) asks the test around the script (test_client.py) to do something to it.
 */
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { AeonRealm, RealmError } from "../../clients/js/aeon-realm.js";

export const { WebSocket } = createRequire(import.meta.url)("ws");
export { AeonRealm, RealmError };

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function realm(...what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  return JSON.parse((await answers.next()).value);
}

/* Milliseconds after which a wait has failed. No test expects anything sooner. */
const PATIENCE = 60_000 * Number(process.env.AEON_TEST_PATIENCE ?? 1);
const base = process.env.AEON_URL;
const clients = [];

/** A client that keeps all its events in `heard`, as {type, data, pos}. */
export function client(token, { AeonRealm: Client = AeonRealm, ...options } = {}) {
  const made = new Client(base, token, {
    WebSocket,
    firstDelay: 50,
    longestDelay: 500,
    patience: PATIENCE,
    ...options,
  });
  made.heard = [];
  made.on("*", (type, data, pos) => made.heard.push({ type, data, pos }));
  made.on("welcome", ({ entries }) => (made.entries = entries));
  clients.push(made);
  return made;
}

/** A connected client of a new user. */
export async function person(name, options) {
  const { token, id, username } = await realm("person", name);
  const made = client(token, options);
  Object.assign(made, { id, username, token });
  await made.connect();
  return made;
}

/** The id of a new room of `owner` with these members. */
export async function room(owner, ...members) {
  const { id } = await owner.request("POST", "/api/v1/phase3/rooms", { name: "A room" });
  for (const member of [owner, ...members]) await member.join(id);
  return id;
}

/** Waits for an event of this type whose data pass `such`. Returns the data. */
export function hear(who, type, such = () => true) {
  const is = (event) => event.type === type && such(event.data);
  const before = who.heard.find(is);
  if (before) return before.data;
  return new Promise((resolve) => {
    const end = who.on("*", (kind, data) => {
      if (!is({ type: kind, data })) return;
      end();
      resolve(data);
    });
  });
}

/** The data of the next event of this type. */
export const next = (who, type) =>
  new Promise((resolve) => {
    const end = who.on(type, (data) => {
      end();
      resolve(data);
    });
  });

/** The seqs of the entries of a room, in the order in which they were shown. */
export const seqs = (who, room_id) =>
  who.heard
    .filter(({ type, data }) => who.entries.includes(type) && data.room_id === room_id)
    .map(({ data }) => data.seq);

export const said = (who, room_id) =>
  who.heard
    .filter(({ type, data }) => type === "chat_message" && data.room_id === room_id)
    .map(({ data }) => data.content);

export const count = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Waits until the message with this seq was shown. */
export const caughtUp = (who, room_id, seq) =>
  hear(who, "chat_message", (data) => data.room_id === room_id && data.seq === seq);

/** Runs the test and closes all clients at its end. */
export async function test(run) {
  const late = setTimeout(() => fail("the test did not end in time"), 3 * PATIENCE);
  const fail = (why) => {
    console.error(why);
    for (const { username, heard } of clients)
      for (const { type, data, pos } of heard.slice(-10))
        console.error(username, type, pos, data instanceof Error ? data.message : data);
    process.exit(1);
  };
  await run().catch(fail);
  for (const made of clients) made.close();
  clearTimeout(late);
  process.stdin.destroy();
}
