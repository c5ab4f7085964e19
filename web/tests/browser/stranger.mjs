/**
 * The page of a person whom the reader does not know. Mara looks at Tomas, who chooses what strangers may do and
 * know; he sees his page as she does. A person who may not be seen has the same page as an address of nobody. A
 * block that one has set stays on its page, and can be ended there. AEON_URL is the realm's address, CHROMIUM the browser.
 */
import assert from "node:assert/strict";

import { newcomer, newWatch } from "./pages.mjs";

const watch = await newWatch();
const { checked, url } = watch;
const mara = await newcomer(watch, "mara");
const tomas = await newcomer(watch, "tomas");

/** Asks the API with JSON, with a token or with the session of a page. Returns the answer. */
async function ask(path, body, { method = "POST", token } = {}) {
  const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
  const init = { method, headers, body: body && JSON.stringify(body) };
  const answer = await fetch(`${globalThis.location?.origin ?? url}/api/v1${path}`, init);
  return answer.status === 204 ? null : answer.json();
}
const by = (page, path, body, method = "POST") =>
  page.evaluate(`(${ask})(${JSON.stringify(path)}, ${JSON.stringify(body)}, { method: "${method}" })`);

/** Somebody without a browser: the id, and calls of the API. */
async function account(username) {
  const password = "correct horse battery";
  const { id } = await ask("/users/register", { username, email: `${username}@example.org`, password });
  const { access_token: token } = await ask("/users/login", { username, password });
  return { id, call: (path, body, method = "POST") => ask(path, body, { method, token }) };
}

const idOf = async (page) => (await by(page, "/users/me", undefined, "GET")).id;
const [maras, tomass] = [await idOf(mara), await idOf(tomas)];
const main = (page) => page.getByRole("main");
const button = (page, name) => main(page).getByRole("button", { name, exact: true });
async function look(page, path) {
  await page.goto(url + path);
  await main(page).waitFor();
  await page.waitForFunction(() => !document.querySelector(".waiting, [aria-busy=true]"));
}
const pieces = (page) => main(page).locator("a.pick").allTextContents();
const actions = (page) => main(page).getByRole("button").allTextContents();
const trimmed = (texts) => texts.map((text) => text.trim());

// Mara sees of a stranger what everyone may see, and may write, ask the twin, call him a friend, report and block.
await by(tomas, "/users/me", { full_name: "Tomas Okoro", bio: "Lends rods and spades." }, "PATCH");
for (const visibility of ["public", "friends", "private"])
  await by(tomas, "/phase3/knowledge", {
    content: `Rods are for ${visibility} use.`,
    knowledge_type: "insight",
    visibility,
  });
await look(mara, `/people/${tomass}`);
await mara.getByRole("heading", { name: "Tomas Okoro", level: 1 }).waitFor();
await main(mara).getByText("Lends rods and spades.").waitFor();
await main(mara).getByRole("heading", { name: "No tie yet" }).waitFor();
assert.deepEqual(trimmed(await actions(mara)), [
  "Write",
  "Ask the twin",
  "Report",
  "Call Tomas Okoro a friend",
  "Block",
]);
assert.deepEqual((await pieces(mara)).map((text) => /Rods are for \w+/.exec(text)[0]), [
  "Rods are for public",
]);
assert(!(await main(mara).textContent()).includes("@example.org"));
await checked(mara, "stranger");

// Tomas sees his page as Mara does, and that strangers may not reach him, once he has chosen that.
const asStranger = async () => {
  await look(tomas, "/settings/privacy");
  await tomas.getByRole("link", { name: "See your page as a stranger does" }).click();
  await tomas.getByRole("heading", { name: "Your page for a stranger", level: 1 }).waitFor();
  await tomas.waitForFunction(() => !document.querySelector(".waiting"));
};
await asStranger();
await tomas.getByRole("heading", { name: "Tomas Okoro", level: 1 }).waitFor();
assert.deepEqual(await pieces(tomas), await pieces(mara));
await main(tomas).getByText("A stranger may begin a talk with you").waitFor();
await checked(tomas, "own page for a stranger");
await look(tomas, "/settings/privacy");
const reach = tomas.getByRole("radiogroup", { name: "Who may reach you" });
await reach.getByRole("radio", { name: "Friends" }).click();
await reach.getByRole("radio", { name: "Friends", checked: true }).waitFor();
await asStranger();
await main(tomas).getByText("A stranger may not begin a talk with you").waitFor();
await look(mara, `/people/${tomass}`);
await main(mara).getByText("This person takes no new talks").waitFor();
assert.deepEqual(trimmed(await actions(mara)), ["Report", "Call Tomas Okoro a friend", "Block"]);
await checked(mara, "stranger who wants no contact");

// Who is his friend may write; their talk stays open to her afterwards.
await by(tomas, "/phase3/relationships", { related_user_id: maras, relationship_type: "friend" });
await look(mara, `/people/${tomass}`);
await button(mara, "Ask the twin").waitFor();
await button(mara, "Write").click();
await mara.getByRole("textbox", { name: "Message" }).waitFor();
await by(tomas, `/phase3/relationships/${maras}`, undefined, "DELETE");
await look(mara, `/people/${tomass}`);
await button(mara, "Write").waitFor();
assert.equal(await button(mara, "Ask the twin").count(), 0);

// Nobody, a person whom nobody finds, and one who blocks Mara are the same page.
const nadia = await account("nadia");
const kofi = await account("kofi");
await nadia.call("/users/me/privacy", { discoverable: false }, "PUT");
await kofi.call("/phase3/relationships", { related_user_id: maras, relationship_type: "blocked" });
const nobody = [];
for (const id of [999_999, "abc", nadia.id, kofi.id]) {
  await look(mara, `/people/${id}`);
  await mara.getByRole("heading", { name: "There is nobody here by that address" }).waitFor();
  nobody.push(await main(mara).ariaSnapshot());
}
assert.equal(new Set(nobody).size, 1, nobody.join("\n"));
assert.deepEqual(await actions(mara), []);
await checked(mara, "nobody");

// A room that both are in makes them known to each other.
const room = await by(mara, "/phase3/rooms", { name: "Boat shed" });
await nadia.call(`/phase3/rooms/${room.id}/join`);
await look(mara, `/people/${nadia.id}`);
await mara.getByRole("heading", { name: "nadia", level: 1 }).waitFor();

// Mara blocks Tomas: of him she sees the block alone, until she ends it.
await look(mara, `/people/${tomass}`);
await button(mara, "Block").click();
await mara.getByRole("dialog").getByRole("button", { name: "Block" }).click();
await mara.getByRole("heading", { name: "You block this person" }).waitFor();
await mara.getByRole("dialog").waitFor({ state: "detached" });
await main(mara).getByText("Lends rods").waitFor({ state: "detached" });
await look(mara, `/people/${tomass}`);
await mara.getByRole("heading", { name: "Tomas Okoro", level: 1 }).waitFor();
assert.deepEqual(trimmed(await actions(mara)), ["Unblock"]);
assert.equal(await main(mara).getByText("What they know").count(), 0);
await checked(mara, "somebody blocked");
await button(mara, "Unblock").click();
await main(mara).getByText("Lends rods").waitFor();
await mara.getByRole("heading", { name: "No tie yet" }).waitFor();

// Strangers find Tomas no longer, when he chooses that.
await look(tomas, "/settings/privacy");
await tomas.getByRole("switch", { name: "Be found" }).click();
await tomas.getByRole("switch", { name: "Be found", checked: false }).waitFor();
await asStranger();
await main(tomas).getByText("You have chosen that strangers cannot find you.").waitFor();
await checked(tomas, "own page for a stranger, not to be found");
await watch.end();
