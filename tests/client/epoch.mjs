import assert from "node:assert/strict";
import { caughtUp, next, person, realm, room, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  await ada.send(here, "before");
  const reset = next(ada, "reset");
  await realm("stop", "bridge");
  await realm("sql", "UPDATE realm_meta SET value = 'another' WHERE key = 'epoch'");
  await realm("start", "bridge");
  assert.deepEqual(await reset, { epoch: "another" });
  await ada.join(here, { since: 0 });
  await ada.send(here, "after");
  await caughtUp(ada, here, 2);
  assert.equal(ada.state().epoch, "another");
});
