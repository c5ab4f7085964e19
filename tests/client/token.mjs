import assert from "node:assert/strict";
import { caughtUp, client, hear, next, person, realm, room, test } from "./harness.mjs";

const LOGOUT = ["POST", "/api/v1/users/logout"];

test(async () => {
  const ada = await person("ada");
  const here = await room(ada);
  let token = ada.token;
  const asked = [];
  const renewed = client(async ({ refused }) => {
    asked.push(refused);
    if (refused) token = await realm("login", ada.username);
    return token;
  });
  await renewed.connect();
  assert.deepEqual(asked, [false]);

  /* The client of Ada has only the old token. */
  const up = next(renewed, "up");
  const end = next(ada, "end");
  await ada.request(...LOGOUT);
  await up;
  assert.deepEqual(asked, [false, true]);
  assert.ok(["unauthenticated", "invalid_token"].includes((await end).code));
  await assert.rejects(ada.send(here, "too late"), (error) => error === ada.heard.at(-1).data);
  const { seq } = await renewed.send(here, "in time");
  await caughtUp(renewed, here, seq);

  const wrong = client("wrong", { ticket: false });
  await assert.rejects(wrong.connect(), ({ code }) => code === "unauthenticated");
  assert.equal((await hear(wrong, "end")).details.close, 4401);
});
