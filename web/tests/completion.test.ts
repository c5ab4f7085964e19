import { expect, test } from "vitest";

import type { Member } from "../src/model";
import { begunName, choicesFor, completed } from "../src/parts/completion";

const member = (user_id: number, username: string, more: Partial<Member> = {}) =>
  ({ user_id, username, full_name: null, role: "member", ...more }) as Member;
const members = [
  member(1, "mara"),
  member(2, "ben", { full_name: "Benedikt Roth" }),
  member(3, "ilya", { full_name: "Ilya Benko" }),
];
const names = (begun: string, me: number, isModerator = false) =>
  choicesFor(begun, members, me, isModerator).map(({ username }) => username);

test("a name is begun behind an @ that is not in a word", () => {
  expect(begunName("hello @be", 9)).toBe("be");
  expect(begunName("@", 1)).toBe("");
  expect(begunName("hello @be there", 9)).toBe("be");
  expect(begunName("ada@be", 6)).toBeNull();
  expect(begunName("@ben ", 5)).toBeNull();
});

test("choices are other members by username and by the words of the name, usernames first", () => {
  expect(names("be", 1)).toEqual(["ben", "ilya"]);
  expect(names("", 2)).toEqual(["mara", "ilya"]);
  expect(names("roth", 1)).toEqual(["ben"]);
});

test("the whole room is a choice for moderators alone", () => {
  expect(names("ro", 1, true)).toEqual(["ben", "room"]);
  expect(names("ro", 3)).toEqual(["ben"]);
});

test("a chosen name replaces the begun one, with one space behind it", () => {
  expect(completed("hi @be", 6, "be", "ben")).toEqual({ text: "hi @ben ", caret: 8 });
  expect(completed("hi @be there", 6, "be", "ben")).toEqual({ text: "hi @ben there", caret: 8 });
});
