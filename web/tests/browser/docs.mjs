/**
 * The two pages of the API in a browser: one tries out a call with the session, the other one sends a
 * command over a WebSocket. Nothing breaks the policy. AEON_URL is the realm's address, USERNAME and
 * PASSWORD are those of a user, CHROMIUM is the browser.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium } from "playwright-core";

const { AEON_URL, USERNAME, PASSWORD, CHROMIUM, AEON_TEST_PATIENCE = "1" } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
const wrong = []; // errors, and violations of the policy
const context = await browser.newContext({
  locale: "en-GB",
  viewport: { width: 1280, height: 800 },
  reducedMotion: "reduce",
});
context.setDefaultTimeout(90_000 * Number(AEON_TEST_PATIENCE));
const page = await context.newPage();
page.on("pageerror", (error) => wrong.push(error.message));
page.on("console", (line) => line.type() === "error" && wrong.push(line.text()));

// Signed out: all groups of calls are drawn, and the page says how to sign in.
await page.goto(`${AEON_URL}/docs`);
await page.getByRole("link", { name: "Sign in" }).waitFor();
const document = await (await page.request.get(`${AEON_URL}/openapi.json`)).json();
const tags = new Set(
  Object.values(document.paths).flatMap((calls) => Object.values(calls).flatMap(({ tags }) => tags)),
);
await page.locator(".opblock-tag").first().waitFor();
assert.equal(await page.locator(".opblock-tag").count(), tags.size);

// Signed in, a call of the page is one of the session.
await page.goto(AEON_URL);
await page.getByLabel("Name or e-mail").fill(USERNAME);
await page.getByLabel("Password").fill(PASSWORD);
await page.getByLabel("Password").press("Enter");
await page.getByRole("heading", { name: "Rooms", exact: true }).waitFor();
await page.goto(`${AEON_URL}/docs`);
await page.getByText(`You are signed in as ${USERNAME}`).waitFor();
await page.locator("#operations-tag-Rooms").click();
const call = page.locator("#operations-Rooms-create_room");
await call.locator(".opblock-summary").click();
await call.getByRole("textbox").last().fill('{"name": "Made on the page of the API"}');
await call.getByRole("button", { name: "Execute" }).click();
await call.locator(".live-responses-table").getByText("201").first().waitFor();
const rooms = await page.request.get(`${AEON_URL}/api/v1/phase3/rooms?joined=true`);
assert(JSON.stringify(await rooms.json()).includes("Made on the page of the API"));

// The live API: a command and its answer.
await page.getByRole("link", { name: "Live" }).click();
await page.getByRole("button", { name: "Connect", exact: true }).click();
const frames = page.getByRole("log");
await frames.getByText('"type":"welcome"').waitFor();
await page.getByLabel("Command", { exact: true }).selectOption("ping");
await page.getByRole("button", { name: "Send" }).click();
await frames.getByText('"type":"pong"').waitFor();
await page.locator("summary").filter({ hasText: "chat_message" }).first().click();
for (const theme of ["light", "dark"]) {
  await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], theme);
}
await page.getByRole("button", { name: "Disconnect" }).click();
await frames.getByText("The connection has ended").waitFor();
assert.deepEqual(wrong, []);
await browser.close();
