import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "../src/api";
import { Gathered } from "../src/store/gathered";

const LONG = 60_000;

describe("gathered work", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is done once for many calls", async () => {
    const work = vi.fn(async () => {});
    const gathered = new Gathered(work);
    for (let i = 0; i < 10; i++) gathered.ask();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("is done once more for calls while it runs, and not at the same time", async () => {
    const ends: (() => void)[] = [];
    const gathered = new Gathered(() => new Promise<void>((end) => ends.push(end)));
    gathered.ask();
    await vi.advanceTimersByTimeAsync(LONG);
    gathered.ask();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(ends.length).toBe(1);
    ends[0]!();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(ends.length).toBe(2);
  });

  test("is done again when it fails in a way that may pass, when the realm takes it", async () => {
    const retryAt = Date.now() + LONG / 2;
    const answers = [new ApiError(429, "rate_limited", "", [], null, retryAt), new ApiError(0, "offline", ""), null];
    const times: number[] = [];
    const gathered = new Gathered(async () => {
      times.push(Date.now());
      const error = answers.shift();
      if (error) throw error;
    });
    gathered.ask();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(times.length).toBe(3);
    expect(times[1]).toBeGreaterThanOrEqual(retryAt);
  });

  test("is not done again when the failure stays", async () => {
    const work = vi.fn(async () => {
      throw new ApiError(403, "forbidden", "");
    });
    new Gathered(work).ask();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("is not done after it was stopped", async () => {
    const work = vi.fn(async () => {});
    const gathered = new Gathered(work);
    gathered.ask();
    gathered.stop();
    await vi.advanceTimersByTimeAsync(LONG);
    expect(work).not.toHaveBeenCalled();
  });
});
