import assert from "node:assert/strict";
import { TabState } from "../../clients/js/tab-state.js";
import { AeonRealm, test } from "./harness.mjs";

const ROOM = "01890000-0000-7000-8000-000000000000";

class Storage {
  #map = new Map();
  get length() { return this.#map.size; }
  key(i) { return [...this.#map.keys()][i]; }
  getItem(key) { return this.#map.get(key) ?? null; }
  setItem(key, text) { this.#map.set(key, text); }
  removeItem(key) { this.#map.delete(key); }
}

/** navigator.locks of one browser; each tab drops its locks when it is closed. */
class Locks {
  held = new Set();
  async request(name, options, run) {
    if (this.held.has(name)) return run(null);
    this.held.add(name);
    try {
      return await run({ name });
    } finally {
      this.held.delete(name);
    }
  }
}

const local = new Storage();
const locks = new Locks();

async function tab(session = new Storage()) {
  const kept = await TabState.open("ada", { local, session, locks, page: new EventTarget() });
  const realm = new AeonRealm("http://127.0.0.1:1", "token", { state: kept.state, WebSocket: class {} });
  kept.keep(realm);
  return { kept, realm, session };
}

/** The tab ends without a word, as after a crash: only its locks are gone. */
const close = ({ session }) => locks.held.delete(session.getItem("aeon-realm ada "));
const waiting = ({ kept }) => kept.state.outbox.map(([{ content }]) => content).sort();
const say = ({ realm }, content) => realm.send(ROOM, content).catch(() => {});

test(async () => {
  const first = await tab();
  const second = await tab();
  assert.deepEqual(waiting(second), []);
  say(first, "of the first");
  say(second, "of the second");
  say(second, "of the second, too");
  close(first);
  const third = await tab();
  assert.deepEqual(waiting(third), ["of the first"], "what a living tab says is not taken over");

  const copy = new Storage();
  copy.setItem("aeon-realm ada ", third.session.getItem("aeon-realm ada "));
  const duplicate = await tab(copy);
  assert.deepEqual(waiting(duplicate), [], "a duplicated tab has a key of its own");

  close(second);
  close(third);
  close(duplicate);
  const reloaded = await tab(third.session);
  assert.deepEqual(waiting(reloaded), ["of the first", "of the second", "of the second, too"]);
  assert.equal(local.length, 1, "the keys of closed tabs are gone");

  reloaded.kept.clear();
  assert.equal(local.length, 0);
});
