import assert from "node:assert/strict";
import { caughtUp, count, person, realm, room, said, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  await realm("fill_disk");
  const acks = count(1, 10).map((number) => ada.send(here, `${number}`, { client_id: `${number}` }));
  await realm("await_trouble");
  await realm("free_disk");
  const seq = Math.max(...(await Promise.all(acks)).map((ack) => ack.seq));
  await caughtUp(ada, here, seq);
  const shown = said(ada, here).sort((a, b) => a - b);
  assert.deepEqual(shown, count(1, 10).map(String), "each once, in any order: some were accepted before others were refused");
});
