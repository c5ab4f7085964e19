/**
 * An hour of a page, played in minutes: events of all kinds, changes of the room, lost networks. After each
 * tenth the page shows a room in which nothing happens, and what it holds is counted.
 */
const TENTHS = 10;
const LANES = 4; // that write at the same time
const KINDS = 10; // of what a lane does, in turn

/** The events that come over the page's WebSockets. */
function countEvents(page) {
  let count = 0;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => (count += String(payload).split("\n").length)),
  );
  return () => count;
}

/** Writes `count` things into `rooms[0]`, and some into the others. Resolves when the realm has them. */
async function happen(call, rooms, text, count) {
  const lane = async (number) => {
    let last;
    for (let index = number; index < count; index += LANES) {
      const kind = Math.floor(index / LANES) % KINDS;
      const room = `/phase3/rooms/${rooms[0]}`;
      if (kind === 7) await call("PUT", `${room}/messages/${last}/reactions/${encodeURIComponent("🌱")}`);
      else if (kind === 8) await call("PATCH", `${room}/messages/${last}`, { content: `${text} ${index}, changed` });
      else if (kind === 9) await call("PUT", `${room}/typing`, { is_typing: index % (2 * KINDS) < KINDS });
      else {
        const where = kind < 5 || rooms.length < 2 ? rooms[0] : rooms[1 + (index % (rooms.length - 1))];
        const { message_id } = await call("POST", `/phase3/rooms/${where}/messages`, { content: `${text} ${index}` });
        if (where === rooms[0]) last = message_id;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => lane(number)));
}

/**
 * `page` is signed in through `cable`. `call(method, path, body)` is a request of somebody else in `rooms`, and
 * nobody writes into the room `quiet`. `ask`, if any, is called once in each tenth. With `minutes` it takes so
 * long, else it is as fast as the page. Returns the tenths: {events, heap, nodes, listeners}, heap in bytes.
 */
export async function liveAnHour(page, how) {
  const { cable, rooms, quiet, call, ask, events, changes, reconnects, text, minutes = 0 } = how;
  const context = page.context();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.enable");
  const heard = countEvents(page);
  const shown = page.getByRole("log").getByRole("article");
  const open = async (room) => {
    await page.locator(`nav a[href="/rooms/${room}"]`).first().click();
    await page.waitForURL(`**/rooms/${room}`);
    await shown.last().waitFor();
  };
  const held = async () => {
    await open(quiet);
    const unread = page.getByRole("button", { name: "Mark all as read" });
    if (await unread.count()) await unread.click();
    await unread.waitFor({ state: "detached" });
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const { JSHeapUsedSize, Nodes, JSEventListeners } = Object.fromEntries(
      metrics.map(({ name, value }) => [name, value]),
    );
    return { events: heard(), heap: JSHeapUsedSize, nodes: Nodes, listeners: JSEventListeners };
  };

  await page.reload(); // so that its WebSocket is counted
  await page.locator(`nav a[href="/rooms/${quiet}"]`).first().waitFor();
  const begun = Date.now();
  const tenths = [];
  for (let change = 0; change < changes; change++) {
    const early = begun + (change * minutes * 60_000) / changes - Date.now();
    if (early > 0) await new Promise((due) => setTimeout(due, early));
    const at = change % rooms.length;
    await open(rooms[at]);
    const isCut = change % (changes / reconnects) === 0;
    if (isCut) {
      await cable.cut(context);
      await page.locator(".strip").waitFor();
    }
    await happen(call, [...rooms.slice(at), ...rooms.slice(0, at)], `${text} ${change}:`, events / changes);
    const last = `The end of part ${change}.`;
    await call("POST", `/phase3/rooms/${rooms[at]}/messages`, { content: last });
    if (isCut) {
      await cable.mend(context);
      await page.locator(".strip").waitFor({ state: "detached" });
    }
    await shown.filter({ hasText: last }).waitFor();
    if ((change + 1) % (changes / TENTHS)) continue;
    await ask?.();
    tenths.push(await held());
  }
  await session.detach();
  return tenths;
}

/** By how much each figure was above that after the first tenth, at most. */
export const growth = ([first, ...others], figure) =>
  Math.max(...others.map((tenth) => tenth[figure] - first[figure]));
