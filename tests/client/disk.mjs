import assert from "node:assert/strict";
import { count, level, person, realm, room, said, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  await realm("fill_disk");
  const acks = count(1, 10).map((number) => ada.send(here, `${number}`, { client_id: `${number}` }));
  await realm("await_trouble");
  await realm("free_disk");
  const seq = Math.max(...(await Promise.all(acks)).map((ack) => ack.seq));
  await level(ada, here, seq);
  assert.deepEqual(said(ada, here), count(1, 10).map(String));
});
