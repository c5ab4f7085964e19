/**
 * In the page: each frame, how far the messages have moved against what the wheel asked for. It looks after the
 * paint: the list corrects what it has estimated between layout and paint. `watch` of the page has the result.
 */
export function watchFrames() {
  const FRAMES = 4; // in which a turn of the wheel is done
  const LATE = 60; // pixels that the first and the last turn of the wheel may lack
  const ROUNDED = 30; // pixels that a turn is wrong by: rows are taken as whole pixels, and fonts come late
  const START = 150; // pixels in which the wheel asks for more than there is
  const scroller = document.querySelector('[role="log"]');
  const watch = { jumps: [], elements: 0, asked: 0, turns: 0, ends: false };
  globalThis.watch = watch;
  scroller.addEventListener("wheel", ({ deltaY }) => {
    watch.asked += deltaY;
    watch.turns++;
  }, { passive: true });
  let waiting = null;
  /** Resolves when so many turns of the wheel are done, or cannot be. */
  watch.done = (turns) => new Promise((resolve) => (waiting = { turns, frames: 0, resolve }));
  const tellDone = () => {
    if (!waiting || watch.turns < waiting.turns) return;
    if (Math.abs(watch.asked) >= 4 && ++waiting.frames <= FRAMES) return;
    if (Math.abs(watch.asked) < ROUNDED) watch.asked = 0;
    waiting.resolve();
    waiting = null;
  };
  let known = null;
  let left = 0; // of what the wheel has asked for, after the last frame
  const turned = []; // by the wheel in the last frames
  const heights = []; // of the list in the last frames: the wheel goes to an end that it knows
  const middle = (boxes) => boxes.find(({ bottom }) => bottom > scroller.clientHeight / 2);
  const read = () => {
    const boxes = [...scroller.querySelectorAll("[data-index] > article")].map((article) => {
      const { top, bottom } = article.getBoundingClientRect();
      return { article, top, bottom };
    });
    heights.push(scroller.scrollHeight);
    if (heights.length > FRAMES) heights.shift();
    const isAtEnd = Math.min(...heights) - scroller.clientHeight - scroller.scrollTop < 30;
    const drawn = boxes.length ? boxes.at(-1).bottom - boxes[0].top : 0;
    return { boxes, anchor: middle(boxes), isAtEnd, drawn };
  };
  /** The message in the middle, or another one that is still drawn. */
  const anchorOf = ({ anchor, boxes }) => [anchor, ...boxes].find((one) => one?.article.isConnected);
  const isLike = (moved, asked) => (asked === 0 ? Math.abs(moved) <= 2 : moved * Math.sign(asked) >= -2)
    && Math.abs(moved) <= Math.abs(asked) + 2;
  let doubt = null; // a move that nobody has asked for; the browser may report its wheel in the next frame
  const judge = (now) => {
    const { asked } = watch;
    const anchor = anchorOf(known);
    if (!anchor) {
      watch.asked = 0;
      return Math.abs(asked) < known.drawn / 2 ? `all of ${Math.round(asked)} px` : null;
    }
    const moved = anchor.top - anchor.article.getBoundingClientRect().top; // with the sign of deltaY
    const isOver = scroller.scrollTop < START || now.isAtEnd || Math.abs(moved) >= Math.abs(asked);
    if (doubt) {
      const { jump, before } = doubt;
      doubt = null;
      watch.asked = isOver ? 0 : asked - moved;
      return Math.abs(asked - moved) > Math.abs(before) + 2 ? jump : null;
    }
    if (isLike(moved, asked)) watch.asked = isOver ? 0 : asked - moved;
    else {
      doubt = { jump: `${Math.round(moved)} of ${Math.round(asked)} px`, before: asked };
      watch.asked = asked - moved;
    }
    return null;
  };
  /** What the wheel has asked for is done within some frames, or something has moved against it. */
  const isLate = () => Math.abs(watch.asked) > turned.reduce((sum, one) => sum + Math.abs(one), 0) + LATE;
  const look = () => {
    const now = read();
    turned.push(watch.asked - left);
    if (turned.length > FRAMES) turned.shift();
    watch.elements = Math.max(watch.elements, document.querySelectorAll("*").length);
    // At the end the list follows new messages, and a few pixels are fractions of rows that were rounded.
    if (!known || known.isAtEnd || Math.abs(watch.asked) < 4) watch.asked = 0;
    const jump = known && !known.isAtEnd ? judge(now) : null;
    if (jump) watch.jumps.push(jump);
    else if (isLate()) {
      watch.jumps.push(`${Math.round(watch.asked)} px too little`);
      watch.asked = 0;
    }
    left = watch.asked;
    known = now;
    tellDone();
  };
  const { port1, port2 } = new MessageChannel();
  const frame = () => {
    port2.postMessage(null);
    if (!watch.ends) requestAnimationFrame(frame);
  };
  port1.onmessage = look;
  requestAnimationFrame(frame);
}

/**
 * Turns the wheel of a watched page by `deltaY` pixels until isThere(), at most `longest` milliseconds. Each turn
 * waits for the one before. A busy page would do several in one frame, and no move would belong to one of them.
 */
export async function turnWheel(page, deltaY, isThere, longest) {
  let turns = await page.evaluate(() => globalThis.watch.turns);
  for (const end = Date.now() + longest; !(await isThere()); ) {
    if (Date.now() > end) throw new Error(`the wheel does not come to the end: ${deltaY}`);
    for (let turn = 0; turn < 4; turn++) {
      await page.mouse.wheel(0, deltaY);
      await page.evaluate((count) => globalThis.watch.done(count), ++turns);
    }
  }
}

/** Ends the watch. Returns the jumps, and how many elements the page had at most. */
export const seenFrames = (page) =>
  page.evaluate(() => {
    globalThis.watch.ends = true;
    return globalThis.watch;
  });
