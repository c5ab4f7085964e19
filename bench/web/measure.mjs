/**
 * Measures the web client in Chromium: see docs/benchmarks.md. AEON_URL is the realm's address, REALM has its
 * users and rooms and the parts that are measured, CHROMIUM is the browser.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { newCable } from "../../web/tests/browser/cable.mjs";
import { seenFrames, turnWheel, watchFrames } from "../../web/tests/browser/frames.mjs";
import { growth, liveAnHour } from "../../web/tests/browser/hour.mjs";
import { caller } from "../../web/tests/browser/rest.mjs";
import { at, median, observe, range, sum, tasksOf } from "./tools.mjs";

const { AEON_URL, CHROMIUM, PASSWORD } = process.env;
const { reader, writer, rooms, quiet, long, messages, parts, ...plan } = JSON.parse(process.env.REALM);
const ROUNDS = 11;
const ARGS = ["--no-sandbox", "--disable-smooth-scrolling"];
const rows = [];
const row = (what, value, bound, unit = "") => {
  rows.push([what, `${typeof value === "number" ? Number(value.toFixed(2)) : value}${unit}`, bound]);
  console.error(`  ${what}: ${rows.at(-1)[1]} (${bound})`);
};

const api = (user, ...what) => caller(AEON_URL, user.token)(...what);
const say = (room, content) =>
  api(writer, "POST", `/phase3/rooms/${room}/messages`, { content });

/** The page may wait for a font, so nothing waits for its load. */
const go = (page, url) => page.goto(url, { waitUntil: "domcontentloaded" });

async function signIn(page, { name }, url = AEON_URL) {
  await go(page, url);
  await page.getByLabel("Name or e-mail").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: "Rooms", exact: true }).waitFor();
}

const newContext = (browser) =>
  browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });

async function signedIn(browser, user) {
  const page = await (await newContext(browser)).newPage();
  await page.addInitScript(observe);
  await signIn(page, user);
  return page;
}
const log = (page) => page.getByRole("log");
const open = async (page, room) => {
  await go(page, `${AEON_URL}/rooms/${room}`);
  await log(page).getByRole("article").last().waitFor();
};

/** In the page: when the last message is painted, and the calls of the API that had begun before it was drawn. */
const untilPainted = () =>
  new Promise((done) => {
    const look = () => {
      if (!document.querySelector('[role="log"] article')) return requestAnimationFrame(look);
      const drawn = performance.now();
      const calls = performance
        .getEntriesByType("resource")
        .filter(({ name, startTime }) => /\/api\//.test(name) && startTime < drawn)
        .map(({ name }) => new URL(name).pathname);
      setTimeout(() => done({ wall: performance.now(), asked: calls }));
    };
    look();
  });

/** A room that is opened with an empty cache, until its last message is painted. */
async function firstPaint(browser) {
  const [walls, cpus, calls, shifts] = [[], [], [], []];
  for (const _ of range(ROUNDS)) {
    const page = await signedIn(browser, reader);
    const session = await page.context().newCDPSession(page);
    await session.send("Network.setCacheDisabled", { cacheDisabled: true });
    await page.goto("about:blank");
    const tasks = await tasksOf(browser, page, async () => {
      await page.goto(`${AEON_URL}/rooms/${rooms[0]}`, { waitUntil: "commit" });
      const { wall, asked } = await page.evaluate(untilPainted);
      walls.push(wall);
      calls.push(asked);
    });
    cpus.push(sum(tasks));
    shifts.push(await page.evaluate(() => globalThis.seen.shift));
    await page.context().close();
  }
  row("room, cold cache: last message painted", median(walls), "≤ 1,000 ms", " ms");
  row("… CPU of the main thread", median(cpus), "≤ 300 ms", " ms");
  row("… calls of the API before", Math.max(...calls.map(({ length }) => length)), "≤ 3");
  row("… layout shift", Math.max(...shifts), "0.00");
}

/** Event Timing of what the keys and clicks of `act` did. */
async function interactions(page, act) {
  await page.evaluate(() => (globalThis.seen.events.length = 0));
  await act();
  await page.waitForTimeout(300); // the browser reports events later
  return page.evaluate(() => globalThis.seen.events);
}

async function roomChange(browser, page) {
  await page.goto(AEON_URL);
  const links = rooms.slice(0, 3).map((room) => page.locator(`nav a[href="/rooms/${room}"]`).first());
  const change = async (index) => {
    await links[index % links.length].click();
    await log(page).getByRole("article").last().waitFor();
  };
  for (const index of range(29)) await change(index);
  let asked = 0;
  const count = (request) => (asked += Number(/\/api\//.test(request.url())));
  page.on("request", count);
  const took = await interactions(page, () => change(29));
  page.off("request", count);
  const tasks = await tasksOf(browser, page, () => change(30));
  row("room change, the 30th", Math.max(0, ...took), "≤ 100 ms", " ms");
  row("… CPU of the main thread", sum(tasks), "–", " ms");
  row("… calls of the API", asked, "0");
}

async function keyboard(page) {
  await open(page, rooms[0]);
  const took = await interactions(page, async () => {
    const box = page.getByRole("textbox", { name: "Message" });
    for (const _ of range(10)) {
      await box.focus();
      await page.keyboard.type("What does the engine weave?");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Shift+Tab");
      for (const key of ["Home", "End", "ArrowUp", "ArrowUp", "ArrowDown"])
        await page.keyboard.press(key);
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("room");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  });
  row(`INP by the keyboard, p98 (${took.length} above 16 ms)`, at(took, 0.98) ?? 16, "≤ 100 ms", " ms");
}

/** From the key press in one browser to the frame in the other one. */
async function latency(browser, page) {
  const other = await signedIn(browser, writer);
  await open(page, rooms[1]);
  await open(other, rooms[1]);
  await page.evaluate(() => {
    globalThis.arrived = new Map();
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('[role="log"] article .body'))
        if (/^m\d+$/.test(one.textContent) && !globalThis.arrived.has(one.textContent)) {
          globalThis.arrived.set(one.textContent, null);
          requestAnimationFrame(() =>
            setTimeout(() => globalThis.arrived.set(one.textContent, Date.now())),
          );
        }
    }).observe(document.querySelector('[role="log"]'), { subtree: true, childList: true });
  });
  await other.evaluate(() => {
    globalThis.pressed = [];
    addEventListener("keydown", ({ key }) => key === "Enter" && globalThis.pressed.push(Date.now()), true);
  });
  const box = other.getByRole("textbox", { name: "Message" });
  for (const index of range(messages)) {
    await box.fill(`m${index}`);
    await box.press("Enter");
    await page.waitForFunction((text) => globalThis.arrived.get(text), `m${index}`);
  }
  const pressed = await other.evaluate(() => globalThis.pressed);
  const arrived = await page.evaluate(() => [...globalThis.arrived.values()]);
  const took = arrived.map((time, index) => time - pressed[index]);
  row("message, key press to paint elsewhere: p50", median(took), "≤ 60 ms", " ms");
  row("… p99", at(took, 0.99), "≤ 150 ms", " ms");
  await other.context().close();
}

const LONGEST = 600_000; // milliseconds of one way through the long room
const PACE = 50; // milliseconds between two messages

/** 20 messages a second, and the reader's twin answers one question after the other. end() returns how many. */
function newTraffic() {
  const begun = Date.now();
  let isOver = false;
  const talk = async () => {
    let count = 0;
    for (; !isOver; count++) {
      await say(long, `Message ${count} arrives while somebody reads what is older.`);
      await new Promise((due) => setTimeout(due, begun + count * PACE - Date.now()));
    }
    return count;
  };
  const answers = async () => {
    let count = 0;
    for (; !isOver; count++) await askTwin();
    return count;
  };
  const both = Promise.all([talk(), answers()]);
  return {
    async end() {
      isOver = true;
      const seconds = (Date.now() - begun) / 1000;
      const [said, answered] = await both;
      return `${(said / seconds).toFixed(1)} messages/s, ${answered} answers`;
    },
  };
}

let questions = 0;
/** The twin streams an answer to the page. */
async function askTwin() {
  const message = `What does the engine weave on day ${++questions}?`;
  const { turn_id } = await api(reader, "POST", "/aeon/chat?wait=0", { message });
  for (;;) {
    const { state, reason } = await api(reader, "GET", `/aeon/turns/${turn_id}`);
    if (state === "posted") return;
    if (!/queued|running/.test(state)) throw new Error(`the twin does not answer: ${state} ${reason}`);
    await new Promise((later) => setTimeout(later, 200));
  }
}

/** A page whose fonts come when release() is called. */
async function withoutFonts(browser) {
  const context = await newContext(browser);
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await context.route("**/*.woff2", async (route) => {
    await released;
    await route.continue();
  });
  const page = await context.newPage();
  await signIn(page, reader);
  return { page, release };
}

/** From the last of 5,000 messages to the first and back, by the wheel. */
async function wheel(browser, isBusy) {
  const { page, release } = await withoutFonts(browser);
  if (!isBusy) release();
  await open(page, long);
  await page.mouse.move(640, 400);
  await page.evaluate(watchFrames);
  const traffic = isBusy ? newTraffic() : null;
  const turn = (deltaY, isThere) => turnWheel(page, deltaY, isThere, LONGEST);
  const isAtStart = () => page.locator(".start").isVisible();
  const isHalfWay = () => log(page).evaluate((one) => one.scrollTop > one.scrollHeight / 2);
  const isAtEnd = () =>
    log(page).evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight < 30);
  const tasks = await tasksOf(browser, page, async () => {
    await turn(-600, isAtStart);
    await turn(600, isHalfWay);
    release();
    await page.evaluate(() => document.fonts.ready);
    await turn(600, isAtEnd);
  });
  const came = await traffic?.end();
  const { jumps, elements } = await seenFrames(page);
  const what = isBusy ? `${plan.count} by wheel, ${came}, a late font` : `${plan.count} by wheel`;
  row(`${what}: tasks > 50 ms CPU`, tasks.filter((ms) => ms > 50).length, "0");
  row("… longest task", Math.max(...tasks), "≤ 50 ms", " ms");
  row("… jumps", jumps.length ? `${jumps.length} (${jumps.slice(0, 5)})` : 0, "0");
  row("… elements at most", elements, "≤ 1,500");
  await page.context().close();
}

/** An hour, and what the page holds then. */
async function hour(browser) {
  const { events, changes, reconnects, minutes } = plan.hour;
  const cable = await newCable(AEON_URL);
  const page = await (await newContext(browser)).newPage();
  await signIn(page, reader, cable.url);
  const tenths = await liveAnHour(page, {
    cable,
    rooms,
    quiet,
    call: caller(AEON_URL, writer.token),
    ask: askTwin,
    events,
    changes,
    reconnects,
    minutes,
    text: "The engine weaves algebraic patterns just as the loom weaves flowers and leaves",
  });
  for (const tenth of tenths) console.error(`    ${JSON.stringify(tenth)}`);
  row(`${tenths.at(-1).events} events, ${changes} room changes, ${reconnects} reconnects: heap`,
    growth(tenths, "heap") / 1e6, "≤ +5 MB", " MB more than after a tenth");
  row("… nodes", growth(tenths, "nodes"), "flat");
  row("… listeners", growth(tenths, "listeners"), "flat");
  row("… CPU of the quiet room then", await idleShare(browser, page), "≤ 0.5 %", " %");
  await page.context().close();
  cable.close();
}

const IDLE = 10_000; // milliseconds

/** Per cent of a core that the main thread needs while nothing happens. */
async function idleShare(browser, page) {
  await page.waitForTimeout(2000);
  return (100 * sum(await tasksOf(browser, page, () => page.waitForTimeout(IDLE)))) / IDLE;
}

async function idle(browser, page) {
  await open(page, rooms[0]);
  row("idle in a room: CPU", await idleShare(browser, page), "≤ 0.5 %", " %");
}

/** Lighthouse drives a browser of its own, in which the user is signed in. */
async function lighthouse() {
  const { default: run } = await import("lighthouse");
  const home = mkdtempSync(join(tmpdir(), "aeon-lighthouse-"));
  const port = 9300 + (process.pid % 500);
  const context = await chromium.launchPersistentContext(home, {
    executablePath: CHROMIUM,
    args: [...ARGS, `--remote-debugging-port=${port}`],
    locale: "en-GB",
  });
  const audit = async (what, path) => {
    const { lhr } = await run(AEON_URL + path, {
      port,
      disableStorageReset: true,
      onlyCategories: ["performance", "accessibility", "best-practices"],
      logLevel: "silent",
    });
    const scores = Object.values(lhr.categories).map(({ score }) => Math.round(100 * score));
    row(`Lighthouse, ${what}: performance, accessibility, best practices`, scores.join(", "), "≥ 95, 100, 100");
    for (const { id, score, scoreDisplayMode } of Object.values(lhr.audits))
      if (score !== null && score < 0.9 && scoreDisplayMode !== "informative")
        console.error(`    ${id}: ${score}`);
  };
  try {
    await audit("sign-in", "/");
    await signIn(context.pages()[0] ?? (await context.newPage()), reader);
    await audit("a room", `/rooms/${rooms[0]}`);
  } finally {
    await context.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
const page = await signedIn(browser, reader);
const PARTS = {
  paint: () => firstPaint(browser),
  change: () => roomChange(browser, page),
  keyboard: () => keyboard(page),
  latency: () => latency(browser, page),
  wheel: () => wheel(browser, false),
  busy: () => wheel(browser, true),
  hour: () => hour(browser),
  idle: () => idle(browser, page),
  lighthouse,
};
for (const [name, measure] of Object.entries(PARTS)) if (parts.includes(name)) await measure();
await browser.close();
console.log(JSON.stringify(rows));
