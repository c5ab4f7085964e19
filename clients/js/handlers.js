/** The functions that a program has given for each type of event. */
export class Handlers {
  #of = new Map(); // type → Set of functions

  /** Returns a function that removes the handler. */
  add(type, handler) {
    if (!this.#of.has(type)) this.#of.set(type, new Set());
    this.#of.get(type).add(handler);
    return () => this.#of.get(type).delete(handler);
  }

  emit(type, ...details) {
    this.#call(type, ...details);
    this.#call("*", type, ...details);
  }

  /** An error in a handler must not stop the client; it is thrown outside of it. */
  #call(type, ...details) {
    for (const handler of this.#of.get(type) ?? [])
      try {
        handler(...details);
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
  }
}
