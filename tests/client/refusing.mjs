import assert from "node:assert/strict";
import { caughtUp, client, count, hear, person, realm, room, said, seqs, test } from "./harness.mjs";

const code = (expected) => (error) => error.code === expected;
const transports = ({ heard }) =>
  heard.filter(({ type }) => type === "up").map(({ data }) => data.transport);

/** Resolves when the client is up in this way. */
const isUpBy = (who, transport) => hear(who, "up", (data) => data.transport === transport);

async function everything_goes_over_rest(ada, bob) {
  const here = await room(ada, bob);
  const first = await ada.send(here, "Hello", { message_type: "memory" });
  assert.deepEqual([first.seq, first.duplicate], [1, false]);
  await caughtUp(bob, here, 1);
  assert.equal((await bob.send(here, "Hello, Ada")).seq, 2);
  await caughtUp(ada, here, 2);

  const said = count(3, 12).map((number) => ada.send(here, `${number}`));
  const refused = [
    [ada.send(here, ""), "validation_error"],
    [ada.edit(here, here, "no such message"), "not_found"],
    [ada.react(here, first.message_id, "..", false), "validation_error"],
    [ada.join(first.message_id), "room_not_found"],
    [ada.send(here, "x", { client_id: first.client_id }), "idempotency_conflict"],
  ];
  await Promise.all(refused.map(([promise, expected]) => assert.rejects(promise, code(expected))));
  assert.deepEqual((await Promise.all(said)).map(({ seq }) => seq), count(3, 12), "in order");

  const edit = await ada.edit(here, first.message_id, "Hello, Bob");
  assert.deepEqual([edit.message_id, edit.seq], [first.message_id, null]);
  assert.equal((await hear(bob, "message_edited")).content, "Hello, Bob");
  await ada.react(here, first.message_id, "👋");
  assert.equal((await hear(bob, "reaction")).key, "👋");
  await ada.react(here, first.message_id, "👋", false);
  assert.equal(ada.typing(here), true);
  assert.equal((await hear(bob, "typing_indicator")).username, ada.username);
  ada.read(here, 12);
  await hear(bob, "read_marker", ({ up_to_seq }) => up_to_seq === 12);
  const last = await bob.send(here, "the last");
  await caughtUp(ada, here, last.seq);
  assert.deepEqual(seqs(ada, here), count(1, last.seq), "its own entries, too");
  return here;
}

async function a_room_is_joined_with_its_history_and_left(ada, bob) {
  const here = await room(bob);
  await Promise.all(count(1, 3).map((number) => bob.send(here, `${number}`)));
  await bob.delete(here, (await bob.send(here, "4")).message_id);
  assert.equal((await ada.join(here, { since: 1 })).last_seq, 5);
  await hear(ada, "message_deleted", ({ room_id }) => room_id === here);
  assert.deepEqual(seqs(ada, here), count(2, 5));
  assert.deepEqual(said(ada, here), ["2", "3", ""]);
  await ada.leave(here);
  const { participants } = await bob.request("GET", `/api/v1/phase3/rooms/${here}`);
  assert.deepEqual(participants.map(({ user_id }) => user_id), [bob.id]);
}

/* What was missed comes by a long poll, too, and a WebSocket goes on where that has ended. */
test(async () => {
  const bob = await person("bob");
  await realm("refuse", "403");
  const ada = await person("ada");
  assert.deepEqual(transports(ada), ["poll"]);
  const here = await everything_goes_over_rest(ada, bob);
  await a_room_is_joined_with_its_history_and_left(ada, bob);

  const state = ada.state();
  ada.close();
  const { seq: missed } = await bob.send(here, "while Ada is away");
  for (const how of ["plain", "silent"]) {
    await realm("refuse", how);
    const again = client(ada.token, { state, patience: how === "silent" ? 1500 : 60_000 });
    await again.connect();
    assert.deepEqual(transports(again), ["poll"], how);
    await caughtUp(again, here, missed);
    await realm("refuse", null);
    await isUpBy(again, "websocket");
    const { seq } = await again.send(here, "at home again");
    await caughtUp(again, here, seq);
    assert.deepEqual(seqs(again, here), count(missed, seq), "everything once");
    again.close();
  }
});
