/* A client that is older than the realm receives a kind of entry that it does not know. */
import assert from "node:assert/strict";
import { AeonRealm } from "./older/aeon-realm.js";
import { hear, person, room, seqs, test, WebSocket } from "./harness.mjs";

const sent = [];

/** A WebSocket that records the commands that it sends. */
class Recording extends WebSocket {
  send(text) {
    sent.push(JSON.parse(text).type);
    super.send(text);
  }
}

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  const old = await person("old", { WebSocket: Recording, AeonRealm });
  await old.join(here);
  const { message_id } = await ada.send(here, "pin me");
  const pin = `/api/v1/phase3/rooms/${here}/pins/${message_id}`;
  await ada.request("PUT", pin);
  await ada.request("DELETE", pin);
  await ada.send(here, "the end");
  await hear(old, "chat_message", ({ content }) => content === "the end");

  const types = old.heard.map(({ type }) => type);
  assert.deepEqual(types.filter((type) => type === "pin").length, 2, "each is shown once");
  assert.ok(!types.includes("gap"), "no gap is reported");
  assert.deepEqual(sent.filter((type) => type === "join_room").length, 1, "it does not join again");
  assert.deepEqual(seqs(old, here), [1, 2, 3, 4]);
});
