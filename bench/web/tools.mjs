/** What the measurements of the web client share: CPU time of a page's main thread, figures, watchers. */
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

/**
 * In the page: each frame, how far the message in the middle has moved against what the wheel asked for. It
 * looks after the paint: the list corrects what it has estimated between layout and paint.
 */
export function watchFrames() {
  const scroller = document.querySelector('[role="log"]');
  const watch = { jumps: [], elements: 0, asked: 0, ends: false };
  globalThis.watch = watch;
  scroller.addEventListener("wheel", ({ deltaY }) => (watch.asked += deltaY), { passive: true });
  let known = null;
  const middle = () =>
    [...scroller.querySelectorAll("[data-index] > article")].find(
      (one) => one.getBoundingClientRect().bottom > scroller.clientHeight / 2,
    );
  const look = () => {
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    const isAtEnd = below < 30; // there it follows new messages
    watch.elements = Math.max(watch.elements, document.querySelectorAll("*").length);
    if (known?.article.isConnected && !known.isAtEnd) {
      const moved = known.top - known.article.getBoundingClientRect().top; // with the sign of deltaY
      const { asked } = watch;
      const isAgainst = asked === 0 ? Math.abs(moved) > 2 : moved * Math.sign(asked) < -2;
      if (isAgainst || Math.abs(moved) > Math.abs(asked) + 2)
        watch.jumps.push(`${Math.round(moved)} of ${Math.round(asked)} px`);
      watch.asked = scroller.scrollTop <= 0 || isAtEnd || Math.abs(moved) >= Math.abs(asked) ? 0 : asked - moved;
    }
    const article = middle();
    known = article && { article, top: article.getBoundingClientRect().top, isAtEnd };
  };
  const { port1, port2 } = new MessageChannel();
  const frame = () => {
    port2.postMessage(null);
    if (!watch.ends) requestAnimationFrame(frame);
  };
  port1.onmessage = look;
  requestAnimationFrame(frame);
}
