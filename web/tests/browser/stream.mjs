/**
 * The twin's answer is shown while it is written, and goes on after a reload; one that breaks off says so.
 * The model writes half of the first answer, and the rest when the file go-on is in HOME. AEON_URL is the
 * realm's address, USERNAME and PASSWORD sign in, CHROMIUM is the browser.
 */
import { writeFileSync } from "node:fs";

import { member, newWatch } from "./pages.mjs";

const { HOME, USERNAME, PASSWORD } = process.env;
const watch = await newWatch();
const page = await member(watch, USERNAME, PASSWORD);
const answers = page.getByRole("article", { name: /^ada, twin of ada, / });
const asking = page.getByLabel("Ask ada").first();

await page.goto(`${watch.url}/twin`);
await asking.fill("Count, please.");
await asking.press("Enter");
await page.locator(".stream").getByText(/^one/).waitFor();
await watch.checked(page, "an answer that is written");
await page.reload();
await page.locator(".stream").getByText(/^one/).waitFor();
writeFileSync(`${HOME}/go-on`, "");
await answers.getByText("one two three four five six seven eight").waitFor();
await page.locator(".stream").waitFor({ state: "detached" });

await asking.fill("Tell me.");
await asking.press("Enter");
await answers.getByText("I was about to").waitFor();
await page.getByText("Interrupted: this is what there was.").waitFor();
await page.getByRole("button", { name: "Ask again" }).waitFor();
await watch.end();
