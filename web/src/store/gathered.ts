/**
 * Work that many events ask for. Calls within a moment are one, and the work never runs twice at once. It is done
 * again when it fails in a way that may pass.
 */
import { ApiError } from "../api";

const MOMENT = 500; // milliseconds
const PAUSE = 5000; // before another attempt

export class Gathered {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  constructor(private readonly work: () => Promise<unknown>) {}

  ask(delay = MOMENT) {
    this.#timer ??= setTimeout(() => void this.#run(), delay);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #run() {
    this.#timer = undefined;
    if (this.#isRunning) return this.ask();
    this.#isRunning = true;
    try {
      await this.work();
    } catch (error) {
      if (error instanceof ApiError && error.mayPass)
        this.ask(Math.max(PAUSE, error.retryAt - Date.now()));
    } finally {
      this.#isRunning = false;
    }
  }
}
