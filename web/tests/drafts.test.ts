import { beforeEach, expect, test } from "vitest";

import { draftOf, keepDraft, wipeDrafts } from "../src/store/drafts";

let storage: Storage;
beforeEach(() => {
  const items: Record<string, string> = {};
  storage = Object.defineProperties(items, {
    getItem: { value: (key: string) => items[key] ?? null },
    setItem: { value: (key: string, value: string) => void (items[key] = value) },
    removeItem: { value: (key: string) => void delete items[key] },
  }) as unknown as Storage;
});

test("each room of each user has a draft of its own", () => {
  keepDraft(storage, 1, "a", { text: "one" });
  keepDraft(storage, 1, "b", { text: "two", reply_to: "m" });
  expect(draftOf(storage, 1, "a")).toEqual({ text: "one" });
  expect(draftOf(storage, 1, "b")).toEqual({ text: "two", reply_to: "m" });
  expect(draftOf(storage, 2, "a")).toEqual({ text: "" });
});

test("an empty draft is not kept, and signing out wipes all drafts and nothing else", () => {
  keepDraft(storage, 1, "a", { text: "one" });
  keepDraft(storage, 1, "a", { text: "" });
  expect(Object.keys(storage)).toEqual([]);
  keepDraft(storage, 1, "a", { text: "one" });
  storage.setItem("aeon.theme", "dark");
  wipeDrafts(storage);
  expect(Object.keys(storage)).toEqual(["aeon.theme"]);
});

test("what a browser has damaged or refuses is no error", () => {
  storage.setItem("aeon.draft.1.a", "{broken");
  expect(draftOf(storage, 1, "a")).toEqual({ text: "" });
  const full = {
    getItem: () => null,
    removeItem() {},
    setItem() {
      throw new Error("full");
    },
  } as unknown as Storage;
  expect(keepDraft(full, 1, "a", { text: "one" })).toBe(false);
});
