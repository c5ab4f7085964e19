import assert from "node:assert/strict";
import { caughtUp, count, hear, person, room, said, seqs, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const here = await room(ada);
  for (const text of ["one", "two", "three"]) await ada.send(here, text);

  const info = await bob.join(here, { since: 1 });
  assert.equal(info.last_seq, 3);
  await ada.send(here, "four");
  await caughtUp(bob, here, 4);
  assert.deepEqual(seqs(bob, here), [2, 3, 4]);

  await bob.leave(here);
  await hear(ada, "user_left", ({ username }) => username === bob.username);
  await ada.send(here, "five");
  await bob.join(here);
  await ada.send(here, "six");
  await caughtUp(bob, here, 6);
  assert.deepEqual(said(bob, here), ["two", "three", "four", "six"], "nothing of the time between");

  const carl = await person("carl");
  await carl.join(here, { since: 0 });
  await caughtUp(carl, here, 6);
  assert.deepEqual(seqs(carl, here), count(1, 6));
});
