import assert from "node:assert/strict";
import { client, person, room, test } from "./harness.mjs";

const NOBODY = "01890000-0000-7000-8000-000000000000";
const code = (expected) => (error) => error.code === expected && error.name === "RealmError";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob");
  const here = await room(ada);
  const { message_id } = await ada.send(here, "one", { client_id: "mine" });

  await assert.rejects(bob.send(here, "not inside"), code("forbidden"));
  await assert.rejects(ada.send(here, ""), code("validation_error"));
  await assert.rejects(ada.send(here, "two", { client_id: "mine" }), code("idempotency_conflict"));
  await assert.rejects(ada.edit(here, NOBODY, "three"), code("not_found"));
  await assert.rejects(bob.join(NOBODY), code("room_not_found"));
  await assert.rejects(bob.request("GET", `/api/v1/phase3/rooms/${NOBODY}`), code("room_not_found"));
  assert.equal((await ada.send(here, "one", { client_id: "mine" })).message_id, message_id);

  const away = client(ada.token, { outbox: 2 });
  const waiting = [away.send(here, "a"), away.send(here, "b")];
  await assert.rejects(away.send(here, "c"), code("outbox_full"));
  away.close();
  for (const promise of waiting) await assert.rejects(promise, code("closed"));
  await assert.rejects(away.send(here, "d"), code("closed"));
});
