import assert from "node:assert/strict";
import { hear, person, test } from "./harness.mjs";

const AEON = "/api/v1/aeon";

test(async () => {
  const ada = await person("ada");
  await ada.request("PUT", `${AEON}/twin`, { name: "Echo" });
  assert.deepEqual(await hear(ada, "twin_changed"), { part: "settings", id: null, is_deleted: false });

  const key = { "Idempotency-Key": "1" };
  const say = () => ada.request("POST", `${AEON}/chat?wait=0`, { message: "Where is my boat?" }, key);
  const first = await say();
  assert.deepEqual(await say(), first);
  const { id } = await hear(ada, "twin_changed", (data) => data.part === "conversation");
  assert.equal(id, first.conversation_id);
  const talk = await ada.request("GET", `${AEON}/conversations/${id}`);
  assert.deepEqual(talk.messages.map((line) => line.content), ["Where is my boat?"]);
});
