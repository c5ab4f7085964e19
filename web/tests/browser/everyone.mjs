/**
 * The client is for everyone. One person does everything by the keyboard alone, and sees at each stop
 * where the focus is. Then each view is shown with hostile texts in all fields: nothing of them becomes
 * an element, no view scrolls sideways, in a narrow window, with large letters or from right to left, and
 * nothing moves on its own. AEON_URL is the realm's address, TOKENS has the tokens of users by name, PAGES the
 * addresses of the views, CHROMIUM is the browser.
 */
import assert from "node:assert/strict";

import { member, newPage, newWatch, wide } from "./pages.mjs";

const { AEON_URL, PASSWORD } = process.env;
const tokens = JSON.parse(process.env.TOKENS);
const paths = JSON.parse(process.env.PAGES);
const watch = await newWatch();
const MOST_STOPS = 60; // on the way to a control

/** A call of the API by a user who is not at this keyboard. */
async function api(name, method, path, body) {
  const answer = await fetch(AEON_URL + path, {
    method,
    headers: { Authorization: `Bearer ${tokens[name]}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert(answer.ok, `${method} ${path}: ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}

// --- the keyboard ------------------------------------------------------------------------------------

const ada = await newPage(watch, "ada");
const press = (key) => ada.keyboard.press(key);
const type = (text) => ada.keyboard.type(text);

/** What a screen reader calls the control that has the focus; "" between the last one and the first one. */
const stop = () =>
  ada.evaluate(() => {
    const at = document.activeElement;
    if (at === document.body) return "";
    const label = at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
    return label.trim().replace(/\s+/g, " ");
  });

const seen = new Set();

/** The focus is visible: without it, the control or its surroundings look different. */
async function seesFocus(name) {
  if (seen.has(name)) return;
  seen.add(name);
  const clip = await ada.evaluate(() => {
    const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
    const [x, y] = [Math.max(0, left - 8), Math.max(0, top - 8)];
    return {
      x,
      y,
      width: Math.min(innerWidth, right + 8) - x,
      height: Math.min(innerHeight, bottom + 8) - y,
    };
  });
  const focused = await ada.screenshot({ clip });
  await ada.evaluate(() => {
    const at = (globalThis.was = document.activeElement);
    const within = at.closest("article[tabindex], dialog");
    if (within?.matches("article") && within !== at)
      within.focus({ preventScroll: true }); // its tools show while the focus is in it
    else at.blur();
  });
  const plain = await ada.screenshot({ clip });
  await ada.evaluate(() => globalThis.was.focus({ preventScroll: true }));
  assert(!focused.equals(plain), `the focus on "${name}" is not visible`);
}

/** Presses Tab until the focus is on the control of that name. Returns the stops on the way. */
async function tabTo(name, key = "Tab") {
  const stops = [];
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await press(key);
    const here = await stop();
    if (here === "") continue;
    stops.push(here);
    await seesFocus(here);
    if (name instanceof RegExp ? name.test(here) : here === name) return stops;
  }
  assert.fail(`Tab does not lead to ${name}: ${stops.join(" | ")}`);
}
async function arrowTo(name) {
  for (let presses = 0; presses < 9; presses++) {
    await press("ArrowRight");
    await seesFocus(await stop());
    if ((await stop()) === name) return;
  }
  assert.fail(`The arrow key does not lead to ${name}`);
}
const heading = (name) => ada.getByRole("heading", { name, exact: true, level: 1 }).waitFor();
const articles = (text) => ada.getByRole("log").getByRole("article").filter({ hasText: text });
const isGone = (role) => ada.getByRole(role).waitFor({ state: "detached" });

// Registering: the fields are in the order in which one reads them.
await ada.goto(`${AEON_URL}/register`);
await ada.getByLabel("Username").waitFor();
assert.deepEqual(await tabTo("Sign in"), [
  "the API",
  "Username",
  "Your name",
  "E-mail",
  "Password",
  "I have a set-up code",
  "Make an account",
  "Sign in",
]);
await tabTo("Username", "Shift+Tab");
await type("ada");
await tabTo("E-mail");
await type("ada@example.org");
await tabTo("Password");
await type(PASSWORD);
await press("Enter");
await heading("Rooms");

// A room: the first stop of a page leads to its content.
await press("Tab");
assert.equal(await stop(), "Skip to the content");
await tabTo("New room");
await press("Enter");
await ada.getByRole("dialog").waitFor();
await type("Workshop");
assert.deepEqual(await tabTo("Close"), [
  "What it is about",
  "Everyone",
  "Make the room",
  "Cancel",
  "Close",
]);
await tabTo("Make the room", "Shift+Tab");
await press("Enter");
await heading("Workshop");
const room = new URL(ada.url()).pathname.split("/").at(-1);
await api("bob", "POST", `/api/v1/phase3/rooms/${room}/join`);

// Writing. Bob's answer gets a reaction and a reply.
await tabTo("Message");
await type("Who has the key?");
await press("Enter");
await articles("Who has the key?").waitFor();
await api("bob", "POST", `/api/v1/phase3/rooms/${room}/messages`, { content: "It hangs by the door." });
await articles("It hangs by the door.").waitFor();
await tabTo(/^bob, \d\d:\d\d$/, "Shift+Tab");
await press("ArrowUp");
await ada.waitForFunction(() => /^ada, /.test(document.activeElement.getAttribute("aria-label")));
await press("ArrowDown");
await ada.waitForFunction(() => /^bob, /.test(document.activeElement.getAttribute("aria-label")));
await arrowTo("React");
await press("Enter");
await ada.getByRole("dialog").waitFor();
await tabTo("🌱");
await press("Enter");
await isGone("dialog");
await articles("It hangs by the door.").getByRole("button", { name: "🌱 by 1" }).waitFor();
await press("Escape");
await tabTo(/^bob, /, "Shift+Tab");
await arrowTo("Reply");
await press("Enter");
await ada.getByText("Replying to bob").waitFor();
await type("Thank you.");
await press("Enter");
await articles("Thank you.").waitFor();

// Voting for a piece of knowledge.
await api("bob", "POST", "/api/v1/phase3/knowledge", {
  content: "The drain is cleared in March.",
  knowledge_type: "insight",
  visibility: "public",
});
await tabTo(/^Knowledge/, "Shift+Tab");
await press("Enter");
await heading("Knowledge");
await ada.getByRole("heading", { name: "The drain is cleared in March." }).waitFor();
await tabTo("Vote for it");
await press("Enter");
await ada.getByRole("button", { name: "Vote for it", pressed: true }).first().waitFor();

// The twin answers as drafts; the one for Bob is approved.
await tabTo(/^Your twin/, "Shift+Tab");
await press("Enter");
await heading("Your twin");
await tabTo("Never");
await press("ArrowRight");
await ada.getByRole("radio", { name: "As drafts", checked: true }).waitFor();
const myId = await ada.evaluate(async () => (await (await fetch("/api/v1/users/me")).json()).id);
const letter = await api("bob", "POST", "/api/v1/phase3/aeon/interactions", {
  target_aeon_user_id: myId,
  interaction_type: "question",
  content: "When is the drain cleared?",
});
await ada
  .getByRole("article", { name: "Draft for bob" })
  .getByText("When is the drain cleared?", { exact: true })
  .waitFor();
await tabTo("Say it", "Shift+Tab");
await press("Enter");
await ada.getByText("Nothing waits for you.").waitFor();
const answered = await api("bob", "GET", `/api/v1/phase3/aeon/interactions/${letter.id}`);
assert.equal(answered.approved_by, myId);

// Finding and blocking Bob by keyboard, and signing out.
await press("Control+k");
await ada.getByRole("dialog").waitFor();
await type("bob");
await ada.getByRole("option", { name: "bob", exact: true }).waitFor();
await press("Enter");
await heading("bob");
await tabTo("Block");
await press("Enter");
await ada.getByRole("dialog").waitFor();
await tabTo("Block");
await press("Enter");
await ada.getByText("You block this person").waitFor();
await isGone("dialog");
await tabTo("Settings", "Shift+Tab");
await press("Enter");
await heading("Settings");
await tabTo("Privacy and devices");
await press("Enter");
await ada.locator('.tabs [aria-current="page"]', { hasText: "Privacy and devices" }).waitFor();
await tabTo("Sign out here");
await press("Enter");
await ada.getByRole("heading", { name: "Sign in" }).waitFor();

// --- every view ----------------------------------------------------------------------------------------

const olga = await member(watch, "olga", PASSWORD);
const settled = (page) =>
  page.waitForFunction(() => !document.querySelector(".waiting, [aria-busy=true]"));

/** What no text of a user may become. */
const foreign = (page) =>
  page.evaluate(() => {
    const elements = "img, iframe, object, embed, style, base, form[action], script:not([src])";
    const found = [...document.querySelectorAll(elements)].map((one) => one.outerHTML);
    for (const one of document.querySelectorAll("*"))
      for (const { name, value } of one.attributes)
        if (/^on/i.test(name) || /^\s*(javascript|vbscript|data):/i.test(value))
          found.push(`${name}=${value}`);
    return found;
  });

const isSideways = (page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? `${scrollWidth} of ${clientWidth} px` : null;
  });

/** Nothing moves for ever, since the system asks for that. */
const moving = (page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ effect }) => effect.getComputedTiming().iterations === Infinity)
      .map(({ animationName }) => animationName),
  );

const WINDOWS = [
  { size: { width: 320, height: 640 }, what: "320 px" },
  { size: { width: 640, height: 400 }, what: "zoomed to 200 %" },
  { size: wide, what: "letters of double size", letters: "200%" },
  { size: wide, what: "from right to left", dir: "rtl" },
  { size: { width: 390, height: 800 }, what: "from right to left on a phone", dir: "rtl" },
];

for (const [view, path] of Object.entries(paths)) {
  await olga.goto(AEON_URL + path);
  await olga.getByRole("main").waitFor();
  await settled(olga);
  assert.deepEqual(await foreign(olga), [], view);
  assert.deepEqual(await moving(olga), [], view);
  for (const { size, what, letters = "", dir = "ltr" } of WINDOWS) {
    await olga.setViewportSize(size);
    await olga.evaluate(
      ([now, font]) => {
        document.documentElement.dir = now;
        document.documentElement.style.fontSize = font;
      },
      [dir, letters],
    );
    assert.equal(await isSideways(olga), null, `${view}, ${what}`);
  }
  await olga.setViewportSize(wide);
}

// A screen reader is told who speaks and who may read it.
const spoken = async (path, role = "main") => {
  await olga.goto(AEON_URL + path);
  await settled(olga);
  return olga.getByRole(role).first().ariaSnapshot();
};
await olga.goto(AEON_URL + paths.room);
await olga.getByRole("article", { name: /^Kiln, / }).waitFor();
assert.match(await spoken(paths.room, "log"), /article "Kiln, twin of bob, \d\d:\d\d"/);
assert.match(await spoken(paths.room, "log"), /article "bob, \d\d:\d\d"/);
const writing = await olga.getByRole("textbox", { name: "Message" }).getAttribute("aria-describedby");
assert.match(await olga.locator(`#${writing}`).textContent(), /^Everyone here can read this/);
assert.match(await spoken("/"), /link "Everyone [^"]*Hall/);
assert.match(await spoken("/knowledge"), /Everyone/);

// In forced colours the chosen one of a choice is not told by its colour alone.
await olga.emulateMedia({ forcedColors: "active" });
await olga.goto(`${AEON_URL}/settings/look`);
const chosen = olga.getByRole("radio", { checked: true }).first();
await chosen.waitFor();
assert.notEqual(await chosen.evaluate((one) => getComputedStyle(one).outlineStyle), "none");
await watch.end();
