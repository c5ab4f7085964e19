import assert from "node:assert/strict";
import { caughtUp, count, person, room, said, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  await Promise.all(count(1, 80).map((number) => ada.send(here, `${number}`)));
  await caughtUp(ada, here, 80);
  assert.deepEqual(said(ada, here), count(1, 80).map(String));
  assert.ok(ada.heard.every(({ type }) => type !== "down" && type !== "error"));
});
