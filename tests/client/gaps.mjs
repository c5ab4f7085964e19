import assert from "node:assert/strict";
import { caughtUp, client, count, hear, person, realm, room, seqs, test } from "./harness.mjs";

/* The event log is pruned while Bob is away. The logs of the rooms are kept. */
test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const [few, many, old] = [await room(ada, bob), await room(ada, bob), await room(ada, bob)];
  for (const room_id of [few, many, old]) await ada.send(room_id, "1");
  await caughtUp(bob, old, 1);

  const state = bob.state();
  bob.close();
  const post = (room_id, content) =>
    ada.request("POST", `/api/v1/phase3/rooms/${room_id}/messages`, { content });
  for (const number of count(2, 12)) await post(few, `${number}`);
  for (const number of count(2, 551)) await post(many, `${number}`);
  for (const number of count(2, 4)) await post(old, `${number}`);
  await realm("sql", "DELETE FROM realm_events");
  await realm("sql", `DELETE FROM real_time_messages WHERE room_id = '${old}'`);
  await post(few, "13");

  const again = client(bob.token, { state });
  await again.connect();
  await caughtUp(again, few, 13);
  assert.deepEqual(seqs(again, few), count(2, 13), "missing entries are fetched from the room");
  await caughtUp(again, many, 551);
  assert.deepEqual(seqs(again, many), count(52, 551));
  const gap = (room_id) => hear(again, "gap", (data) => data.room_id === room_id);
  assert.deepEqual(await gap(many), { room_id: many, from_seq: 2, to_seq: 51 });
  assert.deepEqual(await gap(old), { room_id: old, from_seq: 2, to_seq: 4 });
  await ada.send(many, "live");
  await caughtUp(again, many, 552);
});
