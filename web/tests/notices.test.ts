import { expect, test } from "vitest";

import type { Message, Room } from "../src/model";
import { noticeOf } from "../src/store/notices";

const message = {
  sender_name: "ilya",
  content: "the key is under the stone",
  twin: null,
} as Message;
const room = (more: Partial<Room>) =>
  ({ name: "Seeds", kind: "room", is_public: false, ...more }) as Room;

test("a notice has the text of a private room only when the user has asked for it", () => {
  expect(noticeOf(message, room({}), "names")).not.toHaveProperty("body");
  expect(noticeOf(message, room({ kind: "direct" }), "names")).not.toHaveProperty("body");
  expect(noticeOf(message, room({ is_public: true }), "names").body).toBe(message.content);
  expect(noticeOf(message, room({}), "texts").body).toBe(message.content);
});
