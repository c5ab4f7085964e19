import assert from "node:assert/strict";
import { client, person, room, said, seqs, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const [here, there] = [await room(ada, bob), await room(ada, bob)];
  for (const number of [1, 2, 3]) for (const id of [here, there]) await ada.send(id, `${number}`);
  const { epoch, pos } = ada.state();
  bob.close();
  await bob.request("POST", `/api/v1/phase3/rooms/${here}/leave`);

  const again = client(bob.token, { state: { epoch, pos, rooms: { [here]: [1, 3], [there]: [1, 3] } } });
  await again.connect();
  await again.join(there);
  const { participants } = await ada.request("GET", `/api/v1/phase3/rooms/${here}`);
  assert.deepEqual(participants.map(({ username }) => username), [ada.username]);
  assert.deepEqual([seqs(again, here), said(again, there)], [[], ["2", "3"]]);
});
