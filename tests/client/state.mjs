import assert from "node:assert/strict";
import { caughtUp, client, count, hear, next, person, realm, room, said, seqs, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const here = await room(ada, bob);
  await ada.send(here, "one");
  await caughtUp(bob, here, 1);

  const down = next(bob, "down");
  await realm("kill", "bridge");
  await down;
  bob.send(here, "not acknowledged yet").catch(() => {});
  const state = JSON.parse(JSON.stringify(bob.state()));
  bob.close();
  await realm("start", "bridge");
  await ada.send(here, "meanwhile");

  const again = client(bob.token, { state });
  await again.connect();
  const { seq } = await hear(again, "ack");
  await caughtUp(again, here, seq);
  assert.deepEqual(seqs(again, here), count(2, seq));
  assert.deepEqual(said(again, here), ["meanwhile", "not acknowledged yet"]);
});
