/**
 * Keeps the state of a client for each tab of a browser, so that what was said is not lost when the tab
 * is closed, and no tab overwrites what another one keeps.
 *
 * Each tab has a key of its own in localStorage, and holds a lock of the same name (Web Locks) while it
 * lives. A tab that opens takes over what closed tabs had to say. If two tabs take it over at the same
 * time, both send it, and the realm stores it once.
 */

export class TabState {
  #prefix;
  #key;
  #places;
  #unlock = () => {};
  #timer;
  #realm = null;

  /** For AeonRealm: the state to go on from. */
  state = {};

  /**
   * @param {string} name of the realm and the user: another user of the browser has another one
   * @param {object} [places] stand-ins for localStorage, sessionStorage, navigator.locks and window
   * @returns {Promise<TabState>}
   */
  static async open(name, places = {}) {
    const tab = new TabState(name, places);
    await tab.#open();
    return tab;
  }

  constructor(name, places) {
    this.#prefix = `aeon-realm ${name} `;
    this.#places = {
      local: globalThis.localStorage,
      session: globalThis.sessionStorage,
      locks: globalThis.navigator?.locks,
      page: globalThis.window,
      ...places,
    };
  }

  /** Keeps the state of this client from now on. */
  keep(realm) {
    this.#realm = realm;
    realm.on("outbox", () => this.save());
    realm.on("*", () => (this.#timer ??= setTimeout(() => this.save())));
    this.#places.page?.addEventListener("pagehide", () => {
      this.save();
      this.#unlock(); // a page with a lock is not kept for the back button
    });
    this.#places.page?.addEventListener("pageshow", ({ persisted }) => persisted && this.#lock(this.#key));
    this.save();
  }

  save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#realm) this.#places.local.setItem(this.#key, JSON.stringify(this.#realm.state()));
  }

  /** Forgets everything of this name, as after a sign-out. */
  clear() {
    this.#realm = null;
    for (const key of this.#keys()) this.#places.local.removeItem(key);
  }

  async #open() {
    const { session } = this.#places;
    const mine = session.getItem(this.#prefix);
    // A duplicate of a tab has a copy of its sessionStorage.
    if (mine && (await this.#lock(mine))) this.#key = mine;
    else await this.#lock((this.#key = this.#prefix + crypto.randomUUID()));
    session.setItem(this.#prefix, this.#key);
    await this.#takeOver();
  }

  /** The own positions, or those of a closed tab; and what all closed tabs had to say. */
  async #takeOver() {
    const { local } = this.#places;
    const closed = [];
    for (const key of this.#keys())
      if (key !== this.#key && (await this.#isFree(key))) closed.push(key);
    const states = [this.#key, ...closed].map((key) => parse(local.getItem(key))).filter(Boolean);
    this.state = { ...states[0], outbox: states.flatMap(({ outbox }) => outbox ?? []) };
    if (states.length > 0) local.setItem(this.#key, JSON.stringify(this.state));
    for (const key of closed) local.removeItem(key);
  }

  #keys() {
    const { local } = this.#places;
    const keys = Array.from({ length: local.length }, (_, i) => local.key(i));
    return keys.filter((key) => key.startsWith(this.#prefix));
  }

  /** Holds the lock until #unlock(). Returns whether it was free. */
  #lock(key) {
    const { locks } = this.#places;
    if (!locks) return true;
    return new Promise((resolve, reject) => {
      const hold = (lock) => {
        resolve(lock !== null);
        return lock && new Promise((end) => (this.#unlock = end));
      };
      locks.request(key, { ifAvailable: true }, hold).catch(reject);
    });
  }

  /** Without Web Locks no tab knows whether another one lives, so each keeps to its own key. */
  #isFree(key) {
    const { locks } = this.#places;
    return locks ? locks.request(key, { ifAvailable: true }, (lock) => lock !== null) : false;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut off while it was written
  }
}
