/**
 * What a screen reader is told of each main view: the accessibility tree is the text in spoken/VIEW.txt, with
 * times and ids as dots. UPDATE_SPOKEN=1 writes the files anew. In all of them a message of a twin says so in its
 * name, and an audience is in words. AEON_URL is the realm's address, PAGES the addresses of the views; olga signs
 * in with PASSWORD, CHROMIUM is the browser.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { member, newPage, newWatch } from "./pages.mjs";

const { AEON_URL, PASSWORD, UPDATE_SPOKEN } = process.env;
const FOLDER = new URL("spoken/", import.meta.url);
const VARIABLE = [
  /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, // ids
  /\d{1,2} [A-Z][a-z]{2,8} \d{4}( at \d\d:\d\d)?/g, // times
  /\b\d{1,2} (Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)\b/g,
  /\b\d\d:\d\d\b/g,
  /\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g,
  /\b\d+(\.\d+){2,}\b/g, // versions
];

const watch = await newWatch();
const views = {};

/** The tree without the file's changing parts. */
async function listen(page, view) {
  await page.getByRole("main").waitFor();
  await page.waitForFunction(() => !document.querySelector(".waiting, [aria-busy=true]"));
  const tree = await page.locator("body").ariaSnapshot();
  views[view] = `${VARIABLE.reduce((text, part) => text.replaceAll(part, "…"), tree)}\n`;
}

const visitor = await newPage(watch, "visitor");
await visitor.goto(AEON_URL);
await visitor.getByRole("heading", { name: "Sign in" }).waitFor();
await listen(visitor, "sign-in");

const olga = await member(watch, "olga", PASSWORD);
for (const [view, path] of Object.entries(JSON.parse(process.env.PAGES))) {
  await olga.goto(AEON_URL + path);
  await olga.getByRole("navigation").getByText("here", { exact: true }).waitFor();
  await listen(olga, view);
}

if (UPDATE_SPOKEN) {
  mkdirSync(FOLDER, { recursive: true });
  for (const [view, text] of Object.entries(views)) writeFileSync(new URL(`${view}.txt`, FOLDER), text);
}
for (const [view, text] of Object.entries(views))
  assert.equal(text, readFileSync(new URL(`${view}.txt`, FOLDER), "utf8"), view);

// Words tell a twin from a person, and who may see something.
const articles = (view) => [...views[view].matchAll(/- article "([^"]*)"/g)].map(([, name]) => name);
assert.deepEqual(articles("room").filter((name) => name.startsWith("Kiln")), ["Kiln, twin of bob, …"]);
assert.deepEqual(articles("letter"), ["you, …", "Kiln, twin of bob, …"]);
for (const [view, audiences] of Object.entries({
  rooms: ["Everyone"],
  room: ["Everyone here can read this · 2 twins may remember it"],
  knowledge: ["Everyone", "Friends", "Only you"],
  item: ["Everyone"],
  twin: ["Only you", "bob and you"],
  letter: ["olga and bob"],
}))
  for (const audience of audiences) assert(views[view].includes(audience), `${view}: ${audience}`);
await watch.end();
