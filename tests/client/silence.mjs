import assert from "node:assert/strict";
import { caughtUp, next, person, realm, room, test } from "./harness.mjs";

/* A stopped process keeps its sockets open and answers nothing. */
test(async () => {
  const ada = await person("ada", { heartbeat: 100, patience: 500 });
  const here = await room(ada);
  const down = next(ada, "down");
  await realm("freeze", "bridge");
  assert.match((await down).message, /no answer to a ping/);
  const sent = ada.send(here, "Anybody there?");
  await realm("thaw", "bridge");
  await caughtUp(ada, here, (await sent).seq);
});
