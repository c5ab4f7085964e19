import assert from "node:assert/strict";
import { KeptOutbox } from "../../clients/js/kept-outbox.js";
import { AeonRealm, hear, next, test } from "./harness.mjs";

const ROOM = "01890000-0000-7000-8000-000000000000";

/** The IndexedDB of one browser. `gate` keeps what is added from the disk while it is closed. */
class Records {
  rows = new Map();
  gate = Promise.resolve();
  #count = 0;
  async all() { return structuredClone([...this.rows.values()]); }
  async add(record) {
    const number = ++this.#count;
    await this.gate;
    return this.put({ ...record, number });
  }
  async put(record) { return this.rows.set(record.number, record), record.number; }
  async delete(number) { this.rows.delete(number); }
}

/** navigator.locks of one browser. A page drops its locks when it is closed. */
class Locks {
  held = new Map(); // name → the page
  for = (page) => ({
    request: async (name, ...how) => {
      const run = how.pop();
      if (this.held.has(name)) return run(null);
      this.held.set(name, page);
      try {
        return await run({ name });
      } finally {
        this.held.delete(name);
      }
    },
  });
  drop(page) {
    for (const [name, owner] of this.held) if (owner === page) this.held.delete(name);
  }
}

/** A realm that takes everything once, unless it is away. */
class Server {
  said = new Map(); // client_id → content
  frames = [];
  isAway = false;
  Socket = ((server) =>
    class {
      constructor() {
        setTimeout(() => (server.isAway ? this.onclose?.({ code: 1012, reason: "" }) : this.onopen()));
      }
      close() {}
      say(type, data) { this.onmessage?.({ data: JSON.stringify({ type, data }) }); }
      send(text) {
        const frame = JSON.parse(text);
        const limits = { frame_bytes: 65_536, messages_per_second: 1000, burst: 1000 };
        if (frame.type === "authenticate")
          this.say("welcome", { epoch: "e", pos: 1, entries: [], heartbeat_ms: 25_000, limits });
        if (frame.type !== "chat_message") return;
        server.frames.push(frame.content);
        const { client_id, content } = frame;
        const error = { code: "forbidden", message: "no", retryable: false, client_id };
        if (content === "forbidden") return this.say("error", error);
        server.said.set(client_id, content);
        this.say("ack", { client_id });
      }
    })(this);
}

class Browser {
  records = new Records();
  locks = new Locks();
  server = new Server();

  async page(name = "ada", hasLocks = true) {
    const page = new EventTarget();
    const locks = hasLocks ? this.locks.for(page) : undefined;
    const kept = await KeptOutbox.open(name, { records: this.records, locks, page });
    const realm = new AeonRealm("http://127.0.0.1:1", "token", {
      kept, WebSocket: this.server.Socket, ticket: false, poll: false, firstDelay: 5, longestDelay: 5,
    });
    realm.heard = [];
    realm.on("*", (type, data) => realm.heard.push({ type, data }));
    return { kept, realm, page, said: [] };
  }

  /** The page ends without a word, as in a crash: its locks are gone, and it says nothing more. */
  close({ realm, page }) {
    realm.close();
    this.locks.drop(page);
  }

  waiting = () => [...this.records.rows.values()].map(({ frames: [{ content }] }) => content);
}

const say = ({ realm }, content) => realm.send(ROOM, content).catch(() => {});
const frames = ({ kept }) => kept.frames.map(([{ content }]) => content);
const isUp = ({ realm }) => hear(realm, "up");

async function until(happens) {
  while (!happens()) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function what_is_said_is_kept_until_the_realm_has_it() {
  const browser = new Browser();
  const page = await browser.page();
  let open;
  browser.records.gate = new Promise((resolve) => (open = resolve));
  const sent = page.realm.send(ROOM, "first");
  const second = page.realm.send(ROOM, "second");
  await page.realm.connect();
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(browser.server.frames, [], "nothing is sent before it is on disk");
  open();
  await Promise.all([sent, second]);
  assert.deepEqual(browser.server.frames, ["first", "second"]);
  await assert.rejects(page.realm.send(ROOM, "forbidden"), ({ code }) => code === "forbidden");
  await until(() => browser.waiting().length === 0);
  browser.records.add = () => Promise.reject(new Error("full"));
  const fault = next(page.realm, "error");
  await page.realm.send(ROOM, "a browser that keeps nothing");
  assert.equal((await fault).code, "not_kept");
  browser.close(page);
}

async function pages_say_what_closed_ones_had_to_say_in_order_and_once() {
  const browser = new Browser();
  browser.server.isAway = true;
  const [first, second] = [await browser.page(), await browser.page()];
  for (const [page, content] of [[first, "1"], [second, "2"], [first, "3"]]) {
    say(page, content);
    await until(() => browser.waiting().includes(content));
  }
  const stranger = await browser.page("bob");
  browser.close(first);
  assert.deepEqual(frames(stranger), [], "another user has other messages");
  const third = await browser.page();
  assert.deepEqual(frames(third), ["1", "3"], "what a living page says is not taken over");
  browser.close(third);
  const fourth = await browser.page();
  assert.deepEqual(frames(fourth), ["1", "3"]);

  second.realm.connect();
  browser.close(fourth);
  const taken = next(second.realm, "taken_over");
  browser.server.isAway = false;
  await isUp(second);
  assert.deepEqual((await taken).map(([{ content }]) => content), ["1", "3"]);
  await until(() => browser.waiting().length === 0);
  assert.deepEqual(browser.server.frames, ["2", "1", "3"], "each once");
  browser.close(second);
  browser.close(stranger);
}

async function without_locks_the_realm_stores_once_what_two_pages_send() {
  const browser = new Browser();
  const first = await browser.page("ada", false);
  say(first, "twice");
  await until(() => browser.waiting().length === 1);
  const second = await browser.page("ada", false);
  await Promise.all([first.realm.connect(), second.realm.connect()]);
  await until(() => browser.server.frames.length === 2 && browser.waiting().length === 0);
  assert.deepEqual([...browser.server.said.values()], ["twice"]);
  for (const page of [first, second]) browser.close(page);
}

async function a_sign_out_wipes_what_all_pages_of_the_user_had_to_say() {
  const browser = new Browser();
  const pages = [await browser.page(), await browser.page(), await browser.page("bob")];
  for (const page of pages) say(page, "secret");
  await until(() => browser.waiting().length === 3);
  await pages[0].kept.clear();
  assert.deepEqual([...browser.records.rows.values()].map(({ name }) => name), ["bob"]);
  for (const page of pages) browser.close(page);
}

async function a_page_in_the_cache_of_the_back_button_holds_no_lock() {
  const browser = new Browser();
  const { realm, page } = await browser.page();
  const held = () => [...browser.locks.held.values()].includes(page);
  page.dispatchEvent(new Event("pagehide"));
  await until(() => !held());
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await until(held);
  realm.close();
}

test(async () => {
  await what_is_said_is_kept_until_the_realm_has_it();
  await pages_say_what_closed_ones_had_to_say_in_order_and_once();
  await without_locks_the_realm_stores_once_what_two_pages_send();
  await a_sign_out_wipes_what_all_pages_of_the_user_had_to_say();
  await a_page_in_the_cache_of_the_back_button_holds_no_lock();
});
