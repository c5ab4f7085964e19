import assert from "node:assert/strict";
import { hear, person, realm, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada", { firstDelay: 60_000, longestDelay: 60_000 });
  await realm("stop", "bridge");
  const { after_ms } = await hear(ada, "reconnect");
  await hear(ada, "down");
  const { pos: delay } = ada.heard.find(({ type }) => type === "down");
  assert.ok(delay <= after_ms, `reconnects after ${delay} ms instead of ${after_ms}`);
  await realm("start", "bridge");
});
