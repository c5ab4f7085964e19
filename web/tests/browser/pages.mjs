/** Shared by the walks through the client: browsers, people who register, and checks of every view. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const { AEON_URL, CHROMIUM, AEON_TEST_PATIENCE = "1", PICTURES } = process.env;
const PATIENCE = 30_000 * Number(AEON_TEST_PATIENCE);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const wide = { width: 1280, height: 800 };
const narrow = { width: 390, height: 800 };

/** The dark theme has the elements of the light one, in other colours. */
const LOOKS = [
  [wide, "light", {}],
  [wide, "dark", { runOnly: ["color-contrast"] }],
  [narrow, "light", {}],
  [narrow, "dark", { runOnly: ["color-contrast"] }],
];

/** Fails if axe finds a fault in the view, in a theme or width, or if the view is wider than the screen. */
async function check(page, view) {
  await page.evaluate(axe);
  for (const [size, theme, rules] of LOOKS) {
    await page.setViewportSize(size);
    await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme);
    const { violations } = await page.evaluate((chosen) => globalThis.axe.run(chosen), rules);
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
    );
    const name = `${view}, ${size.width}, ${theme}`;
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name.replace(/[, /]+/g, "-")}.png` });
    assert.deepEqual(found, [], name);
    assert.equal(width, size.width, name);
  }
  await page.setViewportSize(wide);
}

let answers;
/** Asks the program that has started the walk: the name of a method and its arguments. Returns the result. */
export async function ask(...question) {
  answers ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  process.stdout.write(`${JSON.stringify(question)}\n`);
  return JSON.parse((await answers.next()).value);
}

/** `wrong` has what a page reported: errors, dialogs and violations of the policy. */
export async function newWatch() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const wrong = [];
  const pages = new Map();
  process.once("uncaughtException", async (error) => {
    console.error(error, wrong);
    for (const [name, page] of pages) {
      console.error(name, page.url());
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/failed-${name}.png` });
    }
    process.exit(1);
  });
  return {
    url: AEON_URL,
    browser,
    pages,
    wrong,
    checked: check,
    async end() {
      assert.deepEqual(wrong, []);
      await browser.close();
      process.stdin.destroy();
    },
  };
}

/** A page of a browser of its own, with `wrong` for what it reports. */
export async function newPage({ browser, pages, wrong }, name) {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: wide,
    reducedMotion: "reduce", // a colour that still changes has no contrast to measure
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  pages.set(name, page);
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) =>
      console.error(`Content Security Policy: ${violatedDirective} ${sample}`),
    ),
  );
  page.on("pageerror", (error) => wrong.push(`${name}: ${error.message}`));
  page.on("dialog", (dialog) => wrong.push(`${name}: a dialog said ${dialog.message()}`));
  page.on(
    "console",
    (line) =>
      /Content Security Policy|Trusted/.test(line.text()) && wrong.push(`${name}: ${line.text()}`),
  );
  return page;
}

/** Somebody who signs in, at the realm or a proxy before it. */
export async function member(watch, name, password, url = AEON_URL) {
  const page = await newPage(watch, name);
  await page.goto(url);
  await page.getByLabel("Name or e-mail").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: "Rooms", exact: true }).waitFor();
  return page;
}

/** Somebody who registers at that path, and then sees that heading. */
export async function newcomer(watch, name, fill, { path = "/register", heading = "Rooms" } = {}) {
  const page = await newPage(watch, name);
  await page.goto(AEON_URL + path);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("E-mail").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill("correct horse battery");
  await fill?.(page);
  await page.getByLabel("Password").press("Enter");
  await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
  return page;
}
