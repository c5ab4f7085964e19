import assert from "node:assert/strict";
import { hear, person, room, seqs, test } from "./harness.mjs";

test(async () => {
  const ada = await person("ada");
  const bob = await person("bob", { ticket: false });
  const here = await room(ada, bob);
  const mine = (ack) => (data) => data.seq === ack.seq && data.room_id === here;

  const first = await ada.send(here, "Hello", { message_type: "memory" });
  assert.equal(first.duplicate, false);
  const shown = await hear(bob, "chat_message", mine(first));
  assert.deepEqual(
    [shown.message_id, shown.content, shown.message_type, shown.sender_name],
    [first.message_id, "Hello", "memory", ada.username],
  );

  const edit = await ada.edit(here, first.message_id, "Hello, Bob");
  assert.equal(edit.message_id, first.message_id);
  assert.equal((await hear(bob, "message_edited", mine(edit))).content, "Hello, Bob");

  const reaction = await bob.react(here, first.message_id, "👋");
  const shownReaction = await hear(ada, "reaction", mine(reaction));
  assert.deepEqual([shownReaction.key, shownReaction.on, shownReaction.username], ["👋", true, bob.username]);
  assert.equal((await bob.react(here, first.message_id, "👋")).duplicate, true);
  await bob.react(here, first.message_id, "👋", false);

  const gone = await ada.delete(here, first.message_id);
  await hear(bob, "message_deleted", mine(gone));
  assert.deepEqual(seqs(bob, here), [1, 2, 3, 4, 5]);

  assert.equal(ada.typing(here), true);
  assert.equal((await hear(bob, "typing_indicator")).username, ada.username);
  bob.read(here, 5);
  assert.equal((await hear(ada, "read_marker")).up_to_seq, 5);
});
