import assert from "node:assert/strict";
import { client, person, room, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const [here, there] = [await room(ada, bob), await room(ada, bob)];
  for (const text of ["1", "2", "3"]) await ada.send(here, text);
  const { epoch, pos } = ada.state();
  bob.close();

  const again = client(bob.token, { state: { epoch, pos, rooms: { [here]: [1, 3] } } });
  const connected = again.connect();
  await again.leave(here);
  await connected;
  await again.join(there);
  const { participants } = await ada.request("GET", `/api/v1/phase3/rooms/${here}`);
  assert.deepEqual(participants.map(({ username }) => username), [ada.username]);
});
