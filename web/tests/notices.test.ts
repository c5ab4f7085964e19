import { expect, test } from "vitest";

import type { Message, Room } from "../src/model";
import { isNoticed, noticeOf } from "../src/store/notices";

const message = {
  sender_name: "ilya",
  content: "the key is under the stone",
  twin: null,
} as Message;
const room = (more: Partial<Room>) =>
  ({ name: "Seeds", kind: "room", is_public: false, muted_until: null, ...more }) as Room;

test("a notice has the text of a private room only when the user has asked for it", () => {
  expect(noticeOf(message, room({}), "names")).not.toHaveProperty("body");
  expect(noticeOf(message, room({ kind: "direct" }), "names")).not.toHaveProperty("body");
  expect(noticeOf(message, room({ is_public: true }), "names").body).toBe(message.content);
  expect(noticeOf(message, room({}), "texts").body).toBe(message.content);
});

test("a room notifies of mentions, of all messages or of nothing", () => {
  const given = (more: Partial<Room>) => [true, false].map((named) => isNoticed(room(more), named));
  expect(given({ notify: "mentions" })).toEqual([true, false]);
  expect(given({ notify: "all" })).toEqual([true, true]);
  expect(given({ notify: "none" })).toEqual([false, false]);
  expect(given({ notify: "mentions", kind: "direct" })).toEqual([true, true]);
  expect(given({ notify: "all", muted_until: "2999-12-31T12:00:00Z" })).toEqual([false, false]);
});
