import { expect, test, vi } from "vitest";

import { deviceOf, timeAt } from "../src/format";
import { loadText } from "../src/text";

test("a time of day is shown by the clock of another offset", () => {
  expect(timeAt("22:00", 60, 60)).toBe("22:00");
  expect(timeAt("22:30", 60, 120)).toBe("23:30");
  expect(timeAt("23:30", 0, 345)).toBe("05:15");
  expect(timeAt("00:05", 0, -60)).toBe("23:05");
  expect(timeAt("12:00", 840, -720)).toBe("10:00");
});

test("a device has the name of its browser and its system", async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await loadText("en");
  const like = "AppleWebKit/537.36 (KHTML, like Gecko)";
  const named = [
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    [`Mozilla/5.0 (Linux; Android 15) ${like} Chrome/140.0 Mobile Safari/537.36`, "Chrome on Android"],
    [`Mozilla/5.0 (Windows NT 10.0) ${like} Chrome/140.0 Safari/537.36 Edg/140.0`, "Edge on Windows"],
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) ${like} Version/18.0 Safari/605.1`, "Safari on macOS"],
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${like} Mobile/1 Safari/604.1`, "Safari on iOS"],
    ["backup/1.0", "backup/1.0"],
    [null, "A device"],
  ] as const;
  for (const [client, name] of named) expect(deviceOf(client).name).toBe(name);
  expect(named.map(([client]) => deviceOf(client).isPhone)).toEqual([false, true, false, false, true, false, false]);
});
