/**
 * Keeps what a client says until the realm has it, in the browser's IndexedDB: one record for each
 * message or change. So nothing is lost when a page is closed, and no tab overwrites what another one
 * keeps.
 *
 * Each page holds a lock of its own (Web Locks) while it lives. A page takes over what closed pages had
 * to say, in the order in which it was said. Where a browser has no locks, two pages may send the
 * same; the realm stores it once, by its client_id.
 */

const DATABASE = "aeon-realm";
const STORE = "outbox";
const PATIENCE = 2000; // milliseconds that a message waits to be kept

const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const inTime = (promise) =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the browser keeps nothing")), PATIENCE);
    promise.then(resolve, reject).finally(() => clearTimeout(late));
  });

/** The records of all users of the browser, by a number that grows. */
export class Records {
  #database;

  static async open(factory = globalThis.indexedDB) {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
    const records = new Records();
    records.#database = await answer(request);
    return records;
  }

  /** Resolves when the change is on disk. */
  #change(make) {
    return new Promise((resolve, reject) => {
      const change = this.#database.transaction(STORE, "readwrite", { durability: "strict" });
      const request = make(change.objectStore(STORE));
      change.oncomplete = () => resolve(request.result);
      change.onabort = () => reject(change.error);
    });
  }

  all() {
    return answer(this.#database.transaction(STORE).objectStore(STORE).getAll());
  }

  /** Resolves with the record's number. */
  add(record) {
    return this.#change((store) => store.add(record));
  }

  put(record) {
    return this.#change((store) => store.put(record));
  }

  delete(number) {
    return this.#change((store) => store.delete(number));
  }
}

export class KeptOutbox {
  #records;
  #places;
  #name;
  #lock;
  #unlock = () => {};
  #numbers = new Map(); // key of an item → number of its record, or a promise of it
  #ends = []; // of listeners

  /** What closed pages had to say when this one was opened, for AeonRealm: the frames of each item. */
  frames = [];

  /**
   * @param {string} name of the user: another user of the browser has other messages
   * @param {object} [places] stand-ins for Records, navigator.locks and window
   * @returns {Promise<KeptOutbox>}
   */
  static async open(name, places = {}) {
    const { records = await Records.open(), ...others } = places;
    const kept = new KeptOutbox();
    kept.#records = records;
    kept.#places = { locks: globalThis.navigator?.locks, page: globalThis.window, ...others };
    kept.#name = name;
    await kept.#begin();
    return kept;
  }

  /** Keeps the frames of an item. Resolves when they are on disk, rejects when the browser does not do it. */
  async add(key, frames) {
    const number = this.#records.add({ name: this.#name, lock: this.#lock, key, frames });
    this.#numbers.set(key, number);
    await inTime(number);
  }

  /** The realm has the item, or has refused it. */
  async remove(key) {
    const number = this.#numbers.get(key);
    if (number === undefined) return;
    try {
      await this.#records.delete(await number);
    } catch {
      // It was not kept; or it stays, is sent again, and is stored once.
    }
    this.#numbers.delete(key);
  }

  /** Takes over what closed pages had to say. Resolves with the frames of each item, the first one first. */
  async takeOver() {
    const taken = [];
    for (const record of await this.#records.all()) {
      if (record.name !== this.#name || this.#numbers.has(record.key)) continue;
      if (!(await this.#isFree(record.lock))) continue;
      this.#numbers.set(record.key, record.number);
      await this.#records.put({ ...record, lock: this.#lock });
      taken.push(record.frames);
    }
    return taken;
  }

  /** Forgets what all pages had to say, as after a sign-out. */
  async clear() {
    this.#numbers.clear();
    for (const { name, number } of await this.#records.all())
      if (name === this.#name) await this.#records.delete(number);
  }

  /** Another page may take over what is left. */
  close() {
    this.#unlock();
    for (const end of this.#ends) end();
  }

  async #begin() {
    const { page } = this.#places;
    this.#lock = `${DATABASE} ${this.#name} ${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    await this.#hold();
    const listen = (type, handler) => {
      page?.addEventListener(type, handler);
      this.#ends.push(() => page?.removeEventListener(type, handler));
    };
    listen("pagehide", () => this.#unlock()); // a page with a lock is not kept for the back button
    listen("pageshow", ({ persisted }) => persisted && this.#hold());
    this.frames = await this.takeOver();
  }

  #hold() {
    const { locks } = this.#places;
    if (!locks) return null;
    return new Promise((resolve, reject) => {
      const hold = () => (resolve(), new Promise((end) => (this.#unlock = end)));
      locks.request(this.#lock, hold).catch(reject);
    });
  }

  /** Whether the page with this lock is closed. Without locks nobody knows, so all are taken for closed. */
  async #isFree(lock) {
    const { locks } = this.#places;
    if (!locks) return true;
    if (lock === this.#lock) return false;
    return locks.request(lock, { ifAvailable: true }, (held) => held !== null);
  }
}
