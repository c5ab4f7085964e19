import { expect, test } from "vitest";

import { timeAt } from "../src/format";

test("a time of day is shown by the clock of another offset", () => {
  expect(timeAt("22:00", 60, 60)).toBe("22:00");
  expect(timeAt("22:30", 60, 120)).toBe("23:30");
  expect(timeAt("23:30", 0, 345)).toBe("05:15");
  expect(timeAt("00:05", 0, -60)).toBe("23:05");
  expect(timeAt("12:00", 840, -720)).toBe("10:00");
});
