/**
 * A page that is used for long keeps the place of what is read, and does not grow. ada signs in with PASSWORD, bob
 * writes with TOKEN; ROOMS has the ids of rooms of both. AEON_URL is the realm's address, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { newCable } from "./cable.mjs";
import { seenFrames, turnWheel, watchFrames } from "./frames.mjs";
import { growth, liveAnHour } from "./hour.mjs";
import { member, newWatch } from "./pages.mjs";
import { caller } from "./rest.mjs";

const { AEON_URL, PASSWORD, TOKEN, ROOMS, AEON_TEST_PATIENCE = "1" } = process.env;
const PATIENCE = 60_000 * Number(AEON_TEST_PATIENCE);
const LONG = 200; // messages
const [long, quiet, ...rooms] = JSON.parse(ROOMS);

const call = caller(AEON_URL, TOKEN);
const say = (room, content) => call("POST", `/phase3/rooms/${room}/messages`, { content });
const words = "The engine weaves algebraic patterns just as the loom weaves flowers and leaves. ";
for (let count = 0; count < LONG; count++) await say(long, words.repeat(1 + ((count * 7) % 5)));
for (const room of [quiet, ...rooms]) await say(room, words);

const watch = await newWatch();
const cable = await newCable(AEON_URL);
const page = await member(watch, "ada", PASSWORD, cable.url);
const log = page.getByRole("log");

// By the wheel to the first message and back, while others write.
await page.goto(`${cable.url}/rooms/${long}`);
await log.getByRole("article").last().waitFor();
const isAtEnd = () => log.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight < 30);
while (!(await isAtEnd())) await page.evaluate(() => new Promise(requestAnimationFrame));
await page.mouse.move(640, 400);
await page.evaluate(watchFrames);
let isOver = false;
const others = (async () => {
  while (!isOver) await say(long, words);
})();
await turnWheel(page, -400, () => page.locator(".start").isVisible(), PATIENCE);
isOver = true;
await others;
await turnWheel(page, 400, isAtEnd, PATIENCE);
const { jumps, elements } = await seenFrames(page);
assert.deepEqual(jumps, [], "what was in view moves by the wheel alone");
assert.ok(elements <= 1500, `${elements} elements`);

const tenths = await liveAnHour(page, {
  ...{ cable, rooms, quiet, call },
  ...{ events: 600, changes: 20, reconnects: 2, text: words.repeat(20) },
});
const grown = ["heap", "nodes", "listeners"].map((figure) => growth(tenths, figure));
assert.ok(grown[0] < 2e6 && grown[1] < 50 && grown[2] < 10, `it grows: ${grown}; ${JSON.stringify(tenths)}`);
cable.close();
await watch.end();
