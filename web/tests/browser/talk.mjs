/**
 * Two people in two browsers, with the real realm behind nginx: one registers and opens a room, the
 * other one comes in, and they talk by the keyboard. No view has what axe calls wrong, and nothing breaks
 * the policy of the page. AEON_URL is the realm's address, SETUP_CODE its code, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { newWatch, newcomer } from "./pages.mjs";

const { AEON_URL, SETUP_CODE } = process.env;
const HOSTILE =
  "<img src=x onerror=\"document.title='broken'\"> [link](javascript:document.title='broken') **bold**";

const watch = await newWatch();
const { checked } = watch;
const ada = await newcomer(watch, "ada", async (page) => {
  await page.getByRole("button", { name: "I have a set-up code" }).click();
  await page.getByLabel("Set-up code").fill(SETUP_CODE);
});
const bob = await newcomer(watch, "bob");
await checked(ada, "rooms");

// A room, by the keyboard alone.
await ada.getByRole("button", { name: "New room" }).last().press("Enter");
await ada.getByLabel("Name", { exact: true }).fill("Engine room");
await ada.getByLabel("Name", { exact: true }).press("Enter");
const writing = ada.getByRole("textbox", { name: "Message" });
await writing.fill("It can do whatever we know how to order it.");
await writing.press("Enter");
const article = (page, text) =>
  page.getByRole("log").getByRole("article").filter({ hasText: text });
await article(ada, "whatever we know").waitFor();

// The second browser: comes in, sees it, answers.
await bob.goto(ada.url());
await bob.getByRole("button", { name: "Come in" }).click();
await article(bob, "whatever we know").waitFor();
await bob.getByRole("complementary").getByText("ada").waitFor(); // bob is connected
await bob.getByRole("textbox", { name: "Message" }).fill(HOSTILE);
await ada.locator(".typing").getByText("bob is typing").waitFor();
await bob.keyboard.press("Enter");
await article(ada, "bold").waitFor();
assert.match(await article(ada, "bold").getAttribute("aria-label"), /^bob, \d\d:\d\d$/);
assert.equal(await article(ada, "bold").locator("img, a[href^=javascript]").count(), 0);
await ada.getByRole("complementary").getByText("bob").waitFor(); // bob is here

// Ada reacts by the keyboard, and changes her last message by the arrow key.
await article(ada, "bold").focus();
await ada.keyboard.press("ArrowRight");
await ada.keyboard.press("Enter");
await ada.getByRole("dialog").getByRole("button", { name: "🌱" }).click();
await article(bob, "bold").getByRole("button", { name: "🌱 by 1" }).waitFor();
await writing.focus();
await writing.press("ArrowUp");
await writing.fill("It can do what we know how to order it to perform.");
await writing.press("Enter");
await article(bob, "order it to perform").waitFor();

// A draft survives a reload, and so does the session.
await bob.getByRole("textbox", { name: "Message" }).fill("half a thou");
await bob.reload();
await article(bob, "order it to perform").waitFor();
assert.equal(await bob.getByRole("textbox", { name: "Message" }).inputValue(), "half a thou");

// A name is completed by the keyboard. Who is named finds the message among the mentions.
const box = ada.getByRole("textbox", { name: "Message" });
await box.pressSequentially("Look, @b");
await ada.getByRole("option", { name: /@bob/ }).waitFor();
await checked(ada, "names");
await box.press("Enter");
assert.equal(await box.inputValue(), "Look, @bob ");
await box.press("Enter");
await article(bob, "Look, @bob").waitFor();
await bob.goto(`${AEON_URL}/mentions`);
await bob.getByRole("article").filter({ hasText: "Look, @bob" }).waitFor();
await checked(bob, "mentions");

await checked(ada, "room");
for (const [place, heading] of [
  ["people", "People"],
  ["knowledge", "Knowledge"],
  ["twin", "Your twin"],
  ["network", "Network"],
  ["settings", "Settings"],
  ["settings/privacy", "Settings"],
  ["settings/notices", "Settings"],
  ["settings/look", "Settings"],
]) {
  await ada.goto(`${AEON_URL}/${place}`);
  await ada.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
  await ada.getByText("Loading").first().waitFor({ state: "detached" });
  await checked(ada, place);
}
// The twin answers its owner, and is never taken for a person.
await ada.goto(`${AEON_URL}/twin`);
await ada.getByLabel("Ask ada").first().fill("What is an engine?");
await ada.keyboard.press("Enter");
await ada.getByRole("article", { name: /^ada, twin of ada, / }).waitFor();

await ada.goto(`${AEON_URL}/settings/privacy`);
await ada.getByRole("button", { name: "Sign out here" }).click();
await ada.getByRole("heading", { name: "Sign in" }).waitFor();
await checked(ada, "sign in");
await watch.end();
