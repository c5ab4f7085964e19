/**
 * The limits of the realm. Sign-in says in how many seconds it works again, and counts down. A page that is opened
 * while the realm refuses its requests shows a room as soon as the limit allows it, and so does a room that is chosen
 * then. The composer says that the rest of the messages is sent later, and it is. When no message waits, the composer
 * does not say so, although the realm refuses a sign of typing. A page whose new snapshot is lost shows what comes then,
 * and asks for the snapshot again. AEON_URL is the realm's address, USERNAME and PASSWORD sign in, ROOM and ROOM_NAME are
 * two rooms of the user by id and name, OTHER is the id of another user, CHROMIUM is the browser.
 */
import assert from "node:assert/strict";

import { newPage, newWatch } from "./pages.mjs";

const { AEON_URL, USERNAME, PASSWORD, ROOM, ROOM_NAME, OTHER } = process.env;
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

/** Asks until the realm refuses, and goes on until the function that it returns is called. */
async function flood() {
  let isEnough = false;
  let isRefused;
  const refused = new Promise((resolve) => (isRefused = resolve));
  const asked = (async () => {
    while (!isEnough) {
      const answer = await page.request.get(`${AEON_URL}/api/v1/users/me`);
      if (answer.status() === 429) isRefused();
    }
  })();
  await refused;
  return () => {
    isEnough = true;
    return asked;
  };
}

const start = page.getByText("This is where the room begins.");
let endFlood = await flood();
await page.goto(`${AEON_URL}/rooms/${ROOM}`);
await page.getByRole("status").getByText("You are offline.").waitFor();
await endFlood();
await start.waitFor();
endFlood = await flood();
await page.getByRole("link", { name: ROOM_NAME }).click();
await alert.getByText("Too many requests.").first().waitFor();
await endFlood();
await start.waitFor();

let isLimited = false;
page.on("websocket", (socket) =>
  socket.on("framereceived", ({ payload }) => (isLimited ||= payload.includes("rate_limited"))),
);
await page.goto(`${AEON_URL}/rooms/${ROOM}`);
await start.waitFor();
await page.getByText("here", { exact: true }).waitFor();
isLimited = false;
const writing = page.getByRole("textbox", { name: "Message" });
const paused = page.getByRole("status").filter({ hasText: /^Too many messages at once|^The rest is/ });
endFlood = await flood();
while (!isLimited) {
  await writing.fill("typing"); // the realm may accept one sign, when a second has just passed
  await writing.fill("");
}
await endFlood();
assert(!(await paused.isVisible()));

const said = (number) => page.getByRole("article").getByText(`${number}`, { exact: true });
let number = 1;
for (; !(await paused.isVisible()); number++) {
  await writing.fill(`${number}`);
  await writing.press("Enter");
  if (number > 5) await said(number - 5).or(paused).first().waitFor(); // so few messages wait at the end
}
await paused.waitFor({ state: "detached" });

/** As another device of the user. Asks until the limit allows it. */
const post = (path, body) =>
  page.evaluate(
    async ([path, body]) => {
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
      while ((await fetch(`/api/v1/phase3${path}`, init)).status === 429);
    },
    [path, body],
  );
const isHome = (request) => request.url().includes("/phase3/home");
await page.route("**/phase3/home", (route) => route.abort(), { times: 1 });
const lost = page.waitForEvent("requestfailed", isHome);
await post("/relationships", { related_user_id: Number(OTHER), relationship_type: "friend" });
await lost;
const again = page.waitForEvent("requestfinished", isHome);
await post(`/rooms/${ROOM}/messages`, { content: `${number}` });
await said(number).waitFor();
await again;
await watch.end();
