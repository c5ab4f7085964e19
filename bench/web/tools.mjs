/** What the measurements of the web client share: CPU time of a page's main thread, and figures. */
export const at = (numbers, part) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))];
export const median = (numbers) => at(numbers, 0.5);
export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
export const range = (count) => Array.from({ length: count }, (_, index) => index);

/** Milliseconds of CPU that each task of the page's main thread took, while `act` ran. */
export async function tasksOf(browser, page, act) {
  const marker = `the page that is measured ${Math.random()}`;
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  await page.evaluate((name) => performance.mark(name), marker);
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const { pid, tid } = traceEvents.find(({ name }) => name === marker);
  return traceEvents
    .filter((event) => event.pid === pid && event.tid === tid && /RunTask$/.test(event.name))
    .map(({ tdur = 0 }) => tdur / 1000);
}

/** In the page: how long the browser took from each key or click to the next paint, and what moved. */
export function observe() {
  globalThis.seen = { events: [], shift: 0 };
  const on = (type, take, more) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({
      type,
      buffered: true,
      ...more,
    });
  on("layout-shift", ({ value }) => (globalThis.seen.shift += value));
  on("event", ({ duration, interactionId }) => interactionId && globalThis.seen.events.push(duration), {
    durationThreshold: 16,
  });
}
