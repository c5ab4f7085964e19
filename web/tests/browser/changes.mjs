/**
 * What people change later. Ada, at two devices, and Bob: she changes a piece of knowledge, also while Bob votes and while
 * her other device changes it, shares it with a room and deletes it. She edits a message and reads its former
 * text, and says when her twin answers. Each view and dialog is checked by axe in both themes and two widths.
 * AEON_URL is the realm's address, SETUP_CODE its code, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { member, newcomer, newWatch } from "./pages.mjs";

const watch = await newWatch();
const { checked, url } = watch;
const ada = await newcomer(watch, "ada", async (page) => {
  await page.getByRole("button", { name: "I have a set-up code" }).click();
  await page.getByLabel("Set-up code").fill(process.env.SETUP_CODE);
});
const bob = await newcomer(watch, "bob");
const phone = await member(watch, "ada", "correct horse battery"); // her other device
const dialog = (page) => page.getByRole("dialog");
const button = (place, name) => place.getByRole("button", { name, exact: true });
const heading = (page, name) => page.getByRole("heading", { name, exact: true, level: 1 }).waitFor();
const isClosed = (page) => dialog(page).waitFor({ state: "detached" });
const text = (page) => dialog(page).getByLabel("What do you know?");
const tag = (page) => page.getByRole("link", { name: "#wet rooms" });
const reads = (page, content) => page.locator(".read").getByText(content).waitFor();

// A piece with a tag of two words. Its first line is its title, until it has one.
await ada.goto(`${url}/knowledge`);
await ada.getByLabel("What do you know?").fill("The drain is cleared in March.");
await ada.getByRole("main").getByLabel("Tags", { exact: true }).fill("house, wet rooms");
await button(ada.getByRole("main"), "Share").click();
await ada.getByRole("link", { name: "The drain is cleared in March." }).waitFor();
await checked(ada, "knowledge with a piece");
await ada.getByRole("link", { name: "The drain is cleared in March." }).click();
await heading(ada, "The drain is cleared in March.");
await tag(ada).waitFor();
await checked(ada, "piece");
const address = ada.url();
await button(ada, "Edit").click();
await dialog(ada).getByLabel("Title").fill("Drains");
await checked(ada, "changing a piece");
await button(dialog(ada), "Save").click();
await isClosed(ada);
await heading(ada, "Drains");

// Its tag leads to all pieces with that tag.
await tag(ada).click();
await button(ada, "#wet rooms Show all tags").waitFor();
await ada.getByRole("link", { name: "Drains" }).click();
await heading(ada, "Drains");

// Bob votes while Ada writes: nothing of what she changes is his, so it is saved.
await button(ada, "Edit").click();
await text(ada).fill("The drain is cleared in April.");
await bob.goto(address);
await heading(bob, "Drains");
assert.equal(await button(bob, "Edit").count(), 0);
await button(bob, "Vote for it").click();
await bob.getByRole("button", { name: "Vote for it", pressed: true }).waitFor();
await button(dialog(ada), "Save").click();
await isClosed(ada);
await reads(ada, "The drain is cleared in April.");

// Her other device changes it meanwhile: she sees both texts, discards hers once, and saves hers once.
await phone.goto(address);
await reads(phone, "April");
for (const [other, mine, choice, then] of [
  ["in May", "in June", "Discard my text", "in May"],
  ["in July", "in August", "Save my text", "in August"],
]) {
  await button(phone, "Edit").click();
  await text(phone).fill(`The drain is cleared ${mine}.`);
  await button(ada, "Edit").click();
  await text(ada).fill(`The drain is cleared ${other}.`);
  await button(dialog(ada), "Save").click();
  await isClosed(ada);
  await button(dialog(phone), "Save").click();
  await dialog(phone).getByText("has been changed since you opened it").waitFor();
  const now = dialog(phone).getByRole("region", { name: "The piece as it is now" });
  await now.getByText(other).waitFor();
  await checked(phone, "a piece that was changed meanwhile");
  await button(dialog(phone), choice).click();
  await isClosed(phone);
  await reads(phone, then);
  await ada.reload();
  await reads(ada, then);
}

// A room gets it as a message.
const post = (page, path, body) =>
  page.evaluate(
    async ([to, json]) => {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(to, { method: "POST", headers, body: JSON.stringify(json) });
      return answer.json();
    },
    [`/api/v1/phase3/${path}`, body],
  );
const { id: room } = await post(ada, "rooms", { name: "Workshop" });
await post(bob, `rooms/${room}/join`, {});
await button(ada, "Share").click();
await dialog(ada).getByLabel("Find a room by name or topic").fill("work");
await dialog(ada).getByRole("button", { name: /^Workshop/ }).waitFor();
await checked(ada, "sharing with a room");
await dialog(ada).getByRole("button", { name: /^Workshop/ }).click();
await dialog(ada).getByRole("link", { name: "Shared with Workshop" }).click();
await heading(ada, "Workshop");
await ada.getByRole("log").getByRole("link", { name: /Drains/ }).waitFor();

// The former text of an edited message: its sender reads it, and so does Ada, who owns the room. Bob reads only his own.
const article = (page, content) =>
  page.getByRole("log").getByRole("article").filter({ hasText: content });
const history = (page, content) => button(article(page, content), "Former texts");
async function writeAndEdit(page, before, after) {
  const writing = page.getByRole("textbox", { name: "Message" });
  await writing.fill(before);
  await writing.press("Enter");
  await article(page, before).waitFor();
  await article(page, before).focus();
  assert.equal(await history(page, before).count(), 0);
  await writing.press("ArrowUp");
  await writing.fill(after);
  await writing.press("Enter");
  await article(page, after).getByText("edited").waitFor();
}
async function readHistory(page, before, after) {
  await article(page, after).focus();
  await history(page, after).click();
  await dialog(page).getByText(before).waitFor();
}
const key = ["The key hangs by the dore.", "The key hangs by the door."];
const tea = ["The tea is redy.", "The tea is ready."];
await writeAndEdit(ada, ...key);
await bob.goto(`${url}/rooms/${room}`);
await writeAndEdit(bob, ...tea);
await readHistory(ada, ...key);
await checked(ada, "former texts");
await button(dialog(ada), "Close").click();
await readHistory(ada, ...tea);
await button(dialog(ada), "Close").click();
await readHistory(bob, ...tea);
await button(dialog(bob), "Close").click();
await article(bob, key[1]).focus();
assert.equal(await history(bob, key[1]).count(), 0);

// When the twin answers, how often, with which model, and whether it asks others.
await ada.goto(`${url}/twin`);
await ada.getByRole("switch", { name: "Only while you are away" }).click();
await ada.getByRole("switch", { name: "Only while you are away", checked: true }).waitFor();
await ada.getByRole("radio", { name: "Always" }).click();
await ada.getByRole("radio", { name: "Always", checked: true }).waitFor();
await ada.getByRole("radio", { name: "basalt" }).click();
await ada.getByRole("radio", { name: "basalt", checked: true }).waitFor();
const field = (name) => ada.getByLabel(name, { exact: true });
await field("From").fill("22:00");
await button(ada, "Save").click();
await ada.getByText("Quiet hours need a beginning and an end.").waitFor();
await field("To").fill("07:30");
await field("Answers a day").fill("");
await button(ada, "Save").click();
await ada.getByText("Some fields need a change.").waitFor();
await field("Answers a day").fill("20");
await field("To one person a day").fill("3");
await button(ada, "Save").click();
await ada.getByText("0 of 20", { exact: true }).waitFor();
await checked(ada, "rules of the twin");
await ada.reload();
await ada.getByRole("radio", { name: "basalt", checked: true }).waitFor();
const values = ["22:00", "07:30", "20", "3"];
await field("From").waitFor();
for (const [index, name] of ["From", "To", "Answers a day", "To one person a day"].entries())
  assert.equal(await field(name).inputValue(), values[index]);
await ada.getByRole("switch", { name: "Only while you are away", checked: true }).waitFor();
await ada.getByRole("radio", { name: "Always", checked: true }).waitFor();

// Deleting the piece asks first, and the room's message says that it is gone.
await ada.goto(address);
await button(ada, "Delete").click();
await checked(ada, "deleting a piece");
await button(dialog(ada), "Delete").click();
await heading(ada, "Knowledge");
await bob.reload();
await bob.getByRole("log").getByText("or it is gone").waitFor();
await watch.end();
