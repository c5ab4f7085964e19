/**
 * The limits of the realm: sign-in says in how many seconds it works again, and counts down; the composer says
 * that the rest of the messages is sent later, and it is. When no message waits, the composer does not say so, although
 * the realm refuses a sign of typing. AEON_URL is the realm's address, USERNAME and
 * PASSWORD sign in, ROOM is a room of the user, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { newPage, newWatch } from "./pages.mjs";

const { AEON_URL, USERNAME, PASSWORD, ROOM } = process.env;
const watch = await newWatch();
const page = await newPage(watch, USERNAME);
await page.goto(AEON_URL);
const alert = page.getByRole("alert");

const signIn = async (password) => {
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
};
await page.getByLabel("Name or e-mail").fill(USERNAME);
const seconds = (text) => Number(/^Too many requests.* (\d+) s/.exec(text)?.[1] ?? 0);
do {
  await signIn("not the password");
  await alert.waitFor();
} while (seconds(await alert.innerText()) < 3); // enough to see them become fewer
const spoken = await alert.locator(".sr").textContent();
const shown = alert.locator("span[aria-hidden]");
await page.waitForFunction(
  ([element, text]) => element.textContent !== text,
  [await shown.elementHandle(), spoken],
);
assert(seconds(await shown.textContent()) < seconds(spoken));
assert.equal(await alert.locator(".sr").textContent(), spoken); // a screen reader says it once
await alert.getByText("You can try again now.").waitFor();
await signIn(PASSWORD);
await page.getByRole("heading", { name: "Rooms", exact: true }).waitFor();

let isLimited = false;
page.on("websocket", (socket) =>
  socket.on("framereceived", ({ payload }) => (isLimited ||= payload.includes("rate_limited"))),
);
await page.goto(`${AEON_URL}/rooms/${ROOM}`);
const writing = page.getByRole("textbox", { name: "Message" });
const paused = page.getByRole("status").filter({ hasText: /^Too many messages at once|^The rest is/ });
const limited = page.waitForResponse((answer) => answer.status() === 429);
const flood = page.evaluate(async () => {
  while (!window.isEnough) await fetch("/api/v1/users/me");
});
await limited;
while (!isLimited) {
  await writing.fill("typing"); // the realm may accept one sign, when a second has just passed
  await writing.fill("");
}
await page.evaluate(() => (window.isEnough = true));
await flood;
assert(!(await paused.isVisible()));

const said = (number) => page.getByRole("article").getByText(`${number}`, { exact: true });
for (let number = 1; !(await paused.isVisible()); number++) {
  await writing.fill(`${number}`);
  await writing.press("Enter");
  if (number > 5) await said(number - 5).or(paused).first().waitFor(); // so few messages wait at the end
}
await paused.waitFor({ state: "detached" });
await watch.end();
