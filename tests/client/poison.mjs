import assert from "node:assert/strict";
import { client, person, room, test } from "./harness.mjs";

const deep = (levels) => (levels ? { a: deep(levels - 1) } : {});
const circle = {};
circle.circle = circle;
const POISON = [
  ["body_too_large", "x".repeat(70_000)],
  ["body_too_large", "big", { meta_data: { a: "é".repeat(33_000) } }],
  ["validation_error", "cut \u{1F600}".slice(0, 5)],
  ["validation_error", "a\0b"],
  ["validation_error", "deep", { meta_data: deep(20) }],
  ["validation_error", "deeper", { meta_data: deep(2000) }],
  ["validation_error", "many", { meta_data: { a: Array(10_001).fill(0) } }],
  ["validation_error", "round", { meta_data: circle }],
  ["validation_error", "long id", { client_id: "i".repeat(65) }],
  ["validation_error", "x".repeat(5000)],
  ["validation_error", "big", { meta_data: { a: "x".repeat(9000) } }],
];

/* What the realm cannot take is refused once, and what is said behind it goes out. */
test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  const said = POISON.map(([code, content, more]) =>
    assert.rejects(ada.send(here, content, more), (error) => error.code === code),
  );
  const tricky = ada.send(here, '\\ud800 and \\\\u0000 are letters here: "{[{["', {
    meta_data: { '\\"': "[".repeat(50) },
  });
  await ada.send(here, "behind it");
  await Promise.all(said);
  await tricky;
  assert.equal(ada.typing("\ud800"), false);
  assert.ok(!ada.heard.some(({ type }) => type === "down"));

  const frame = { type: "chat_message", room_id: here, client_id: "kept" };
  const again = client(ada.token, { state: { outbox: [[{ ...frame, content: "x".repeat(70_000) }]] } });
  await again.connect();
  await again.send(here, "of the next program");
  assert.ok(again.heard.some(({ type, data }) => type === "error" && data.code === "body_too_large"));
  assert.deepEqual(again.state().outbox, []);
});
