import { expect, test } from "vitest";

import type { Message, Pending } from "../src/model";
import { rowsOf } from "../src/views/talk";

const at = (seq: number, more: Partial<Message> = {}) =>
  ({
    message_id: `m${seq}`,
    room_id: "r",
    seq,
    sender_id: 2,
    content: "x",
    timestamp: new Date(2026, 10, 24, 10, seq).toISOString(),
    is_aeon_message: false,
    twin: null,
    reply_to: null,
    client_id: null,
    ...more,
  }) as Message;
const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map(({ kind }) => kind).join(" ");
const firsts = (rows: ReturnType<typeof rowsOf>) =>
  rows.filter((row) => row.kind === "message").map(({ isFirst }) => isFirst);

test("a twin never stands under the name of its person", () => {
  expect(
    firsts(
      rowsOf(
        [at(1), at(2), at(3, { is_aeon_message: true, twin: { name: "Iolite" } }), at(4)],
        [],
        false,
        null,
        1,
      ),
    ),
  ).toEqual([true, false, true, true]);
});

test("the line of new messages stands once, before the first of others", () => {
  expect(kinds(rowsOf([at(1), at(2, { sender_id: 1 }), at(3), at(4)], [], true, 1, 1))).toBe(
    "start day message message since message message",
  );
  expect(kinds(rowsOf([at(1)], [], false, null, 1))).toBe("message");
});

test("a message keeps its row when the realm has it", () => {
  const pending = [
    {
      client_id: "c",
      room_id: "r",
      content: "x",
      at: "t",
      reply_to: null,
      failed: null,
    } as Pending,
  ];
  const before = rowsOf([at(1)], pending, false, null, 1).at(-1)!.key;
  expect(
    rowsOf([at(1), at(2, { sender_id: 1, client_id: "c" })], [], false, null, 1).at(-1)!.key,
  ).toBe(before);
});
