/**
 * Three people in three browsers, and what happens to laptops and realms: sleep, a network that is lost in the
 * middle of a sentence, a page that is closed before it could say everything, a second tab, a killed
 * bridge, a realm from its backup. After each, the pages show what the realm says. A list on a line of the
 * standard output is what shall happen to the realm. AEON_URL is its address, CHROMIUM the browser;
 * ada, bob and cleo sign in with PASSWORD.
 */
import assert from "node:assert/strict";

import { newCable } from "./cable.mjs";
import { ask, member, newWatch } from "./pages.mjs";

const { AEON_URL, PASSWORD, AEON_TEST_PATIENCE = "1" } = process.env;
const PATIENCE = 60_000 * Number(AEON_TEST_PATIENCE);

// --- what a page shows, and what the realm says ------------------------------------------------------

const shown = (page) =>
  page.evaluate(() => ({
    rooms: [...document.querySelectorAll("nav .roomlink")].map((link) => ({
      id: link.getAttribute("href").split("/").at(-1),
      last: link.querySelector(".last").textContent,
      isUnread: link.classList.contains("unread"),
    })),
    log: [...document.querySelectorAll("[role=log] article .body")].map((body) => body.textContent),
  }));

const told = (page) =>
  page.evaluate(async () => {
    const ask = async (path) => (await fetch(`/api/v1/phase3/${path}`, { cache: "no-store" })).json();
    const { me, rooms } = await ask("home");
    const open = /rooms\/(.+)/.exec(location.pathname)?.[1];
    const from = ({ sender_id, sender_name }) => (sender_id === me.id ? "You" : sender_name);
    return {
      rooms: rooms.map(({ id, last, topic, unread }) => ({
        id,
        last: last ? `${from(last)}: ${last.excerpt}` : (topic ?? "Nobody has said anything yet"),
        isUnread: unread > 0,
      })),
      log: open ? (await ask(`rooms/${open}/messages?after=0`)).map(({ content }) => content) : [],
    };
  });

async function agrees(page, when) {
  for (const end = Date.now() + PATIENCE; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const [there, here] = [await told(page), await shown(page)];
    const newest = here.log.length >= 3 ? -here.log.length : 0; // a long log is not drawn as a whole
    try {
      return assert.deepEqual(here, { ...there, log: there.log.slice(newest) }, when);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

const writing = (page) => page.getByRole("textbox", { name: "Message" });
const article = (page, text) => page.getByRole("log").getByRole("article").filter({ hasText: text });
const hears = (page, text) => article(page, text).waitFor();
const open = (page, room) => page.getByRole("navigation").getByRole("link", { name: room }).first().click();
async function say(page, text) {
  await writing(page).fill(text);
  await writing(page).press("Enter");
}

const call = (page, method, path, body) =>
  page.evaluate(
    async ([how, where, what]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(`/api/v1/phase3/${where}`, { method: how, headers, body: JSON.stringify(what) });
      return answer.json();
    },
    [method, path, body],
  );

/** The WebSockets that a page opens from now on: how many are `open`, and how many were so at once. */
function sockets(page) {
  const count = { open: 0, most: 0 };
  page.on("websocket", (socket) => {
    count.open++;
    count.most = Math.max(count.most, count.open);
    socket.on("close", () => count.open--);
  });
  return count;
}
async function have(counts, open) {
  while (counts.some((count) => count.open !== open)) await new Promise((resolve) => setTimeout(resolve, 20));
}

// --- the walk ----------------------------------------------------------------------------------------

const watch = await newWatch();
const cable = await newCable(AEON_URL);
const ada = await member(watch, "ada", PASSWORD);
let bob = await member(watch, "bob", PASSWORD, cable.url);
const cleo = await member(watch, "cleo", PASSWORD);
const bobs = bob.context();

const [harbour, mill] = [
  await call(ada, "POST", "rooms", { name: "Harbour" }),
  await call(ada, "POST", "rooms", { name: "Mill" }),
];
for (const page of [bob, cleo])
  for (const { id } of [harbour, mill]) await call(page, "POST", `rooms/${id}/join`);
for (const page of [ada, bob, cleo]) await open(page, "Harbour");
await say(ada, "Is everybody here?");
for (const page of [ada, bob, cleo]) {
  await hears(page, "Is everybody here?");
  await agrees(page, "at first");
}

// Bob's page sleeps.
const control = await bobs.newCDPSession(bob);
await control.send("Page.setWebLifecycleState", { state: "frozen" });
await say(ada, "while you sleep");
await call(cleo, "POST", `rooms/${mill.id}/messages`, { content: "elsewhere" });
await hears(cleo, "while you sleep");
await control.send("Page.setWebLifecycleState", { state: "active" });
await hears(bob, "while you sleep");
await agrees(bob, "after sleep");

// Bob loses the network in the middle of a sentence.
await writing(bob).fill("half a");
await cable.cut(bobs);
await bob.locator(".strip").waitFor();
await say(bob, "said offline, first");
await say(bob, "said offline, second");
await writing(bob).fill("half a thought");
await say(ada, "while you are away");
await cable.mend(bobs);
await hears(ada, "said offline, second");
await agrees(bob, "after a lost network");
await agrees(ada, "after another one's lost network");
const order = (await shown(ada)).log.filter((text) => text.startsWith("said"));
assert.deepEqual(order, ["said offline, first", "said offline, second"]);
assert.equal(await writing(bob).inputValue(), "half a thought");

// Bob closes the page before it could say everything. The next one says it.
const waiting = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const asked = indexedDB.open("aeon-realm");
        asked.onsuccess = () => {
          const count = asked.result.transaction("outbox").objectStore("outbox").count();
          count.onsuccess = () => (asked.result.close(), resolve(count.result));
        };
      }),
  );
async function waits(page, count) {
  while ((await waiting(page)) !== count) await new Promise((resolve) => setTimeout(resolve, 20));
}
await waits(bob, 0);
await cable.cut(bobs);
await bob.locator(".strip").waitFor();
await say(bob, "said before closing, first");
await say(bob, "said before closing, second");
await waits(bob, 2);
await bob.close();
await cable.mend(bobs);
bob = await bobs.newPage();
watch.pages.set("bob", bob);
await bob.goto(`${cable.url}/rooms/${harbour.id}`);
await hears(ada, "said before closing, second");
await waits(bob, 0);
await agrees(bob, "after a closed page");
await agrees(ada, "after another one's closed page");
const log = (await shown(ada)).log.filter((text) => text.includes("closing"));
assert.deepEqual(log, ["said before closing, first", "said before closing, second"]);

// The bridge is killed: talk goes on over REST, and comes back to WebSockets.
const open_sockets = [ada, bob, cleo].map(sockets);
await ask("kill_bridge");
await say(cleo, "without a bridge");
await hears(bob, "without a bridge");
await say(bob, "nor do I have one");
await hears(cleo, "nor do I have one");
await ask("start_bridge");
await have(open_sockets, 1);
for (const page of [ada, bob, cleo]) await agrees(page, "after a killed bridge");

// The realm is replaced by its backup.
await ask("back_up");
await say(cleo, "after the backup");
await hears(bob, "after the backup");
await ask("restore");
await article(bob, "after the backup").waitFor({ state: "detached" });
for (const page of [ada, bob, cleo]) await agrees(page, "after a restored backup");
await say(cleo, "in the restored realm");
for (const page of [ada, bob, cleo]) {
  await hears(page, "in the restored realm");
  await agrees(page, "in the restored realm");
}

// Ada has a second tab, with a WebSocket of its own, and signs out in the first one: both leave.
const second = await ada.context().newPage();
watch.pages.set("ada's second tab", second);
const tabs = [open_sockets[0], sockets(second)];
await second.goto(`${AEON_URL}/rooms/${harbour.id}`);
await hears(second, "in the restored realm");
await say(second, "from the second tab");
await hears(ada, "from the second tab");
await agrees(ada, "beside a second tab");
await have(tabs, 1);
await ada.getByRole("link", { name: "Settings" }).first().click();
await ada.getByRole("link", { name: "Privacy and devices" }).click();
await ada.getByRole("button", { name: "Sign out here" }).click();
for (const page of [ada, second]) await page.getByRole("heading", { name: "Sign in" }).waitFor();
assert.equal(await waiting(ada), 0);
await have(tabs, 0);
for (const { most } of [...open_sockets, ...tabs]) assert.equal(most, 1, "one WebSocket for each page");

await watch.end();
cable.close();
