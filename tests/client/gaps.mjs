import assert from "node:assert/strict";
import { client, count, hear, level, person, realm, room, seqs, test } from "./harness.mjs";

/* The log of events is trimmed while Bob is away; the rooms have their own. */
test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const [few, many] = [await room(ada, bob), await room(ada, bob)];
  await ada.send(few, "1");
  await ada.send(many, "1");
  await level(bob, many, 1);

  const state = bob.state();
  bob.close();
  const post = (room_id, content) =>
    ada.request("POST", `/api/v1/phase3/rooms/${room_id}/messages`, { content });
  for (const number of count(2, 12)) await post(few, `${number}`);
  for (const number of count(2, 551)) await post(many, `${number}`);
  await realm("sql", "DELETE FROM realm_events");
  await post(few, "13");

  const again = client(bob.token, { state });
  await again.connect();
  await level(again, few, 13);
  assert.deepEqual(seqs(again, few), count(2, 13), "what the room has is fetched");
  await level(again, many, 551);
  assert.deepEqual(seqs(again, many), count(52, 551));
  assert.deepEqual(await hear(again, "gap"), { room_id: many, from_seq: 2, to_seq: 51 });
  await ada.send(many, "live");
  await level(again, many, 552);
});
