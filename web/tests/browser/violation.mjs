/** A page that breaks its policy, to show that the browser reports it. AEON_URL is the realm's address. */
import { newPage, newWatch } from "./pages.mjs";

const watch = await newWatch();
const page = await newPage(watch, "nobody");
await page.goto(watch.url);
const report = page.waitForRequest(/policy-reports/);
await page.evaluate(() => document.body.setAttribute("style", "color: red"));
await (await report).response();
await watch.browser.close();
