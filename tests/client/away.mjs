import assert from "node:assert/strict";
import { caughtUp, count, hear, next, person, realm, room, seqs, test } from "./harness.mjs";

/* The bridge is down while Ada writes over REST. When it runs again, Bob is shown everything. */
test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const rooms = [await room(ada, bob), await room(ada, bob)];
  const post = (room_id, content) =>
    ada.request("POST", `/api/v1/phase3/rooms/${room_id}/messages`, { content });

  const down = next(bob, "down");
  await realm("kill", "bridge");
  await down;
  const message = await post(rooms[0], "0");
  for (const number of count(1, 150)) await post(rooms[number % 2], `${number}`);
  await ada.request("PATCH", `/api/v1/phase3/rooms/${rooms[0]}/messages/${message.message_id}`, {
    content: "edited",
  });
  const up = next(bob, "up");
  await realm("start", "bridge");
  await up;
  assert.deepEqual(seqs(bob, rooms[0]), count(1, 77), "everything is shown before `up`");
  assert.deepEqual(seqs(bob, rooms[1]), count(1, 75));
  const edited = await hear(bob, "message_edited", ({ room_id }) => room_id === rooms[0]);
  assert.equal(edited.content, "edited");

  const events = bob.heard.filter(({ type, pos }) => type !== "down" && pos !== undefined);
  const positions = events.map(({ pos }) => pos);
  assert.deepEqual(positions, [...new Set(positions)].sort((a, b) => a - b));
  await ada.send(rooms[1], "live");
  await caughtUp(bob, rooms[1], 76);
});
