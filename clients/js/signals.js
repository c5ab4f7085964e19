/**
 * What a browser says of sleep, of the network and of pages that are put away. Where there is no page,
 * as in Node, nothing happens.
 *
 * A page that the browser keeps for the back button must have no connection, or it is not kept.
 */

/**
 * Calls wake() when a connection may be dead or possible again, and pause() when the page is put away.
 * Returns a function that ends this.
 *
 * @param {{page?: EventTarget, document?: EventTarget}} places the window and its document
 */
export function onSignals(
  { page = globalThis.window, document = globalThis.document },
  { wake, pause },
) {
  const ends = [];
  const listen = (target, type, handler) => {
    target?.addEventListener?.(type, handler);
    ends.push(() => target?.removeEventListener?.(type, handler));
  };
  listen(page, "online", wake);
  listen(page, "pageshow", (event) => event.persisted && wake());
  listen(page, "pagehide", (event) => event.persisted && pause());
  listen(document, "resume", wake);
  listen(document, "visibilitychange", () => document.visibilityState === "visible" && wake());
  return () => ends.forEach((end) => end());
}
