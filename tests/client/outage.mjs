import assert from "node:assert/strict";
import { caughtUp, count, next, person, realm, room, said, seqs, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada", { poll: false });
  const bob = await person("bob");
  const here = await room(ada, bob);
  const { message_id } = await ada.send(here, "first");
  for (const how of ["kill", "stop"]) {
    const before = seqs(ada, here).length;
    const down = next(ada, "down");
    const acks = count(1, 15).map((number) => ada.send(here, `${how} ${number}`));
    const edit = ada.edit(here, message_id, `before ${how}`);
    await realm(how, "bridge");
    await down;
    assert.equal(ada.typing(here), false);
    acks.push(ada.send(here, `${how} 16`));
    await realm("start", "bridge");
    const answers = await Promise.all(acks);
    assert.equal((await edit).message_id, message_id);
    const most = Math.max(...answers.map(({ seq }) => seq));
    for (const who of [ada, bob]) {
      await caughtUp(who, here, most);
      assert.deepEqual(said(who, here).slice(-16), count(1, 16).map((number) => `${how} ${number}`));
      assert.deepEqual(seqs(who, here), count(1, most));
    }
    assert.ok(most >= before + 17);
  }
});
