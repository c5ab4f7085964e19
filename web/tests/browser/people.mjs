/**
 * A realm's owner and a second person: they write to each other, moderate a room, look at the network, share
 * knowledge with a room, send a letter to a twin, and end mails; the owner administers the realm. Each view is checked by axe in both themes and
 * two widths. AEON_URL is the realm's address, SETUP_CODE its code, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { ask, newcomer, newPage, newWatch, wide } from "./pages.mjs";

const watch = await newWatch();
const ada = await newcomer(watch, "ada", async (page) => {
  await page.getByRole("button", { name: "I have a set-up code" }).click();
  await page.getByLabel("Set-up code").fill(process.env.SETUP_CODE);
});
const { checked, url } = watch;
await ada.getByText("Welcome, ada.").waitFor();
await checked(ada, "first run");
const bob = await newcomer(watch, "bob");
const go = (page, path) => page.goto(url + path);
const dialog = (page) => page.getByRole("dialog");
const article = (page, text) =>
  page.getByRole("log").getByRole("article").filter({ hasText: text });

// Ada writes to Bob from his page: the room has his name, and nobody else reads it.
const bobsId = await bob.evaluate(async () => (await (await fetch("/api/v1/users/me")).json()).id);
await go(ada, `/people/${bobsId}`);
await ada.getByRole("button", { name: "Write", exact: true }).click();
await ada.getByRole("heading", { name: "bob", level: 1 }).waitFor();
await ada.getByText("Only you and bob read this").waitFor();
await ada.getByRole("textbox", { name: "Message" }).fill("Are you there?");
await ada.keyboard.press("Enter");
await article(ada, "Are you there?").waitFor();
await bob.getByRole("navigation").getByRole("link", { name: /^ada/ }).click();
await article(bob, "Are you there?").waitFor();
await checked(bob, "direct room");

// Bob asks for notices; one of a direct message does not have its text.
await bob.addInitScript(() => {
  globalThis.given = [];
  globalThis.Notification = class {
    static requestPermission = async () => "granted";
    constructor(title, { body }) {
      globalThis.given.push([title, body ?? null]);
    }
  };
});
await go(bob, "/settings/notices");
await bob.getByRole("radio", { name: "Without texts of private rooms" }).click();
await bob.getByRole("radio", { name: "Without texts of private rooms", checked: true }).waitFor();
await bob.evaluate(() => (document.hasFocus = () => false)); // he looks elsewhere
await bob.getByText("here", { exact: true }).waitFor(); // and is connected
await ada.getByRole("textbox", { name: "Message" }).fill("The key is under the stone.");
await ada.keyboard.press("Enter");
await bob.waitForFunction(() => globalThis.given.length > 0);
assert.deepEqual(await bob.evaluate(() => globalThis.given), [["ada writes to you", null]]);

// A private room: Ada invites, takes back nothing, pins, gives a role, and mutes it for herself.
await ada.getByRole("button", { name: "New room" }).first().click();
await dialog(ada).getByLabel("Name", { exact: true }).fill("Engine room");
await dialog(ada).getByRole("radio", { name: "Invited only" }).click();
await dialog(ada).getByRole("button", { name: "Make the room" }).click();
await ada.getByRole("heading", { name: "Engine room", level: 1 }).waitFor();
await ada.getByRole("textbox", { name: "Message" }).fill("It weaves algebraic patterns.");
await ada.keyboard.press("Enter");
await article(ada, "algebraic").waitFor();
await ada.getByRole("button", { name: "Members", exact: true }).click();
await dialog(ada).getByLabel("Invite somebody").fill("bob");
await dialog(ada).getByRole("button", { name: /@bob/ }).click();
await dialog(ada).getByRole("button", { name: "Take back" }).waitFor();
await dialog(ada).getByRole("button", { name: "Make a link" }).click();
const roomLink = new URL(await dialog(ada).locator("code").textContent()).pathname;
await checked(ada, "members");
await dialog(ada).getByRole("button", { name: "Close", exact: true }).click();
await go(bob, "/");
await bob.getByText("ada invites you to Engine room").waitFor();
await bob.getByRole("button", { name: "Come in" }).click();
await article(bob, "algebraic").waitFor();

// By the link a third person makes an account, and is in the private room; the link still leads there.
const dora = await newcomer(watch, "dora", undefined, { path: roomLink, heading: "Engine room" });
await article(dora, "algebraic").waitFor();
await go(dora, roomLink);
await dora.getByRole("heading", { name: "An invitation", level: 1 }).waitFor();
await checked(dora, "invitation");
await dora.getByRole("button", { name: "Come in" }).click();
await article(dora, "algebraic").waitFor();

await article(ada, "algebraic").focus();
await ada.getByRole("button", { name: "Pin", exact: true }).click();
await bob.getByRole("complementary").getByRole("heading", { name: "Pinned" }).waitFor();
await bob
  .getByRole("complementary")
  .getByRole("button", { name: /algebraic/ })
  .click();
await ada.getByRole("button", { name: "Members", exact: true }).click();
await dialog(ada).getByRole("button", { name: "Actions for bob" }).click();
await dialog(ada).getByRole("button", { name: "Make a moderator" }).click();
await dialog(ada).getByText("moderator", { exact: true }).waitFor();
await dialog(ada).getByRole("button", { name: "Close", exact: true }).click();
await article(bob, "algebraic").focus();
await bob.getByRole("button", { name: "Unpin", exact: true }).first().waitFor(); // bob moderates now
await ada.getByRole("button", { name: "About this room" }).click();
await dialog(ada).getByRole("button", { name: "For an hour" }).click();
await dialog(ada)
  .getByText(/^Muted until/)
  .waitFor();
await checked(ada, "about the room");
await dialog(ada).getByRole("button", { name: "Close", exact: true }).click();

// Bob reports a third person; Ada finds it in her queue and decides.
const cleosId = await bob.evaluate(async () => {
  const body = { username: "cleo", email: "cleo@example.org", password: "correct horse battery" };
  const headers = { "Content-Type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  return (await (await fetch("/api/v1/users/register", init)).json()).id;
});
await go(bob, `/people/${cleosId}`);
await bob.getByRole("button", { name: "Report", exact: true }).click();
await dialog(bob).getByLabel("What is wrong with it?").fill("It is not true.");
await checked(bob, "report");
await dialog(bob).getByRole("button", { name: "Report", exact: true }).click();
await dialog(bob).getByText("The administrators have it now").waitFor();
await ada.getByRole("link", { name: /The realm.*1 report/ }).click();
await ada.getByRole("link", { name: "Reports" }).click();
await ada.getByText("It is not true.").waitFor();
await checked(ada, "reports");
await ada.getByRole("button", { name: "Nothing is wrong" }).click();
await ada.getByText("No reports here").waitFor();
await go(bob, "/settings");
await bob.getByText("It is not true.").waitFor();
await bob.getByText(/^Rejected/).waitFor();
await checked(bob, "settings");

// The rest of the administration.
for (const [tab, text] of [
  ["health", "Live bridge"],
  ["users", "@bob"],
  ["rooms", "Removed things"],
  ["invites", "Make a link"],
  ["audit", "user registered"],
  ["settings", "session_days"],
]) {
  await go(ada, `/admin/${tab}`);
  await ada.getByRole("main").getByText(text).first().waitFor();
  await checked(ada, `admin ${tab}`);
}
await go(bob, "/admin/users");
await bob.getByText("Only administrators see this").waitFor();
await go(ada, "/admin/invites");
await ada.getByRole("button", { name: "Make a link" }).click();
const link = await ada.getByText(`${url}/join/`).textContent();
assert.match(link, /\/join\/[\w-]{10,}$/);

// The network as a picture, by the keyboard, and as a list.
await go(ada, `/people/${bobsId}`);
await ada.getByRole("button", { name: "Call bob a friend" }).click();
await ada.getByText("bob sees what you share with friends").waitFor();
await go(ada, "/network");
const graph = ada.getByRole("group", { name: "Network" });
await graph.getByRole("button", { name: "You" }).focus();
for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"])
  await ada.keyboard.press(key);
await graph.getByRole("button", { name: /^bob/ }).click();
await ada.getByRole("heading", { name: "bob" }).waitFor();
await ada.getByRole("button", { name: "As a table" }).click();
await ada.getByRole("columnheader", { name: "votes" }).waitFor();
await checked(ada, "network");
await ada.getByRole("button", { name: "As a list" }).click();
await ada.getByRole("main").getByText("1 step away").first().waitFor();
await checked(ada, "network as a list");

// Ada shares knowledge with the room: its members read the card, and the text behind it, until she deletes it.
await go(ada, "/knowledge");
await ada.getByLabel("What do you know?").fill("Looms can be programmed.");
await ada.getByRole("button", { name: "Share", exact: true }).click();
await ada.getByRole("link", { name: "Looms can be programmed." }).click();
await ada.getByRole("heading", { name: "Looms can be programmed.", level: 1 }).waitFor();
const piece = new URL(ada.url()).pathname;
await ada.getByRole("button", { name: "Share", exact: true }).click();
await dialog(ada).getByRole("button", { name: /Engine room/ }).click();
await dialog(ada).getByRole("link", { name: "Shared with Engine room" }).click();
const card = (page) =>
  page.getByRole("log").getByRole("link", { name: /^Everyone Looms can be programmed/ });
await card(ada).waitFor();
await checked(ada, "shared knowledge");
await card(dora).click();
await dora.getByRole("heading", { name: "Looms can be programmed.", level: 1 }).waitFor();
await checked(dora, "piece");
await go(ada, piece);
await ada.getByRole("button", { name: "Delete", exact: true }).click();
await dialog(ada).getByRole("button", { name: "Delete", exact: true }).click();
await ada.getByRole("heading", { name: "Knowledge", level: 1 }).waitFor();
await dora.goBack();
await dora.reload();
await article(dora, "What is shared here is not open to you, or it is gone.").waitFor();

// A letter to Bob's twin; Bob answers himself, and both see the thread.
await go(ada, `/people/${bobsId}`);
await ada.getByRole("button", { name: "Ask the twin" }).click();
await dialog(ada).getByLabel("Your question").fill("Do the tide tables agree?");
await dialog(ada).getByRole("button", { name: "Send" }).click();
await ada.getByRole("heading", { name: "Do the tide tables agree?" }).waitFor();
await go(bob, "/letters");
await bob.getByLabel("Say something yourself").fill("They do.");
await bob.keyboard.press("Enter");
await article(ada, "They do.").waitFor();
assert.match(await article(ada, "They do.").getAttribute("aria-label"), /^bob, /);
await checked(ada, "letters");
await go(ada, "/twin/calls");
await ada.getByText("Nothing here").waitFor();
await checked(ada, "calls");

// The answer of the own twin stays after a reload.
await go(ada, "/twin");
await ada.getByLabel("Ask ada").first().fill("What is an engine?");
await ada.keyboard.press("Enter");
await ada.getByRole("article", { name: /^ada, twin of ada, / }).waitFor();
await ada.reload();
await ada.getByRole("article", { name: /^ada, twin of ada, / }).waitFor();
await ada.getByLabel("Tell it something").fill("The drain was cleared in March.");
await ada.keyboard.press("Enter");
await ada.getByRole("button", { name: "Why it remembers this" }).click();
await ada.getByText("You told it this.").waitFor();
await checked(ada, "twin");
await ada.setViewportSize(wide);

// Bob confirms his address by a code, and wants mails. When he is away, one tells of what he has missed; its link
// ends these mails without a login.
await go(bob, "/settings/notices");
const mails = bob.locator("section").filter({ has: bob.getByRole("heading", { name: "Mails" }) });
await mails.getByLabel("Code from the mail").fill(await ask("code", "bob"));
await mails.getByRole("button", { name: "Confirm" }).click();
await mails.getByLabel("Code from the mail").waitFor({ state: "detached" });
await mails.getByRole("radio", { name: "With all texts" }).click();
await mails.getByRole("radio", { name: "With all texts", checked: true }).waitFor();
await checked(bob, "settings of mails");
await bob.close();
await go(ada, `/people/${bobsId}`);
await ada.getByRole("button", { name: "Write", exact: true }).click();
await ada.getByRole("textbox", { name: "Message" }).fill("The engine has stopped.");
await ada.keyboard.press("Enter");
await article(ada, "The engine has stopped.").waitFor();
const reader = await newPage(watch, "reader");
await go(reader, await ask("digest_link", "bob"));
await reader.getByRole("heading", { name: "No more mails of what you have missed?" }).waitFor();
await checked(reader, "unsubscribe");
await reader.getByRole("button", { name: "No more of these mails" }).click();
await reader.getByText("You get no more of these mails.").waitFor();
assert.equal(await ask("chosen_digest", "bob"), "off");
await watch.end();
