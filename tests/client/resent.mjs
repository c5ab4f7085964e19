import assert from "node:assert/strict";
import { WebSocket, client, hear, person, room, test } from "./harness.mjs";

test(async () => {
  let losesAcks = false;
  const ada = await person("ada");
  const here = await room(ada);
  const { message_id } = await ada.send(here, "first");
  const path = `/api/v1/phase3/rooms/${here}/messages/${message_id}`;

  /** Loses an acknowledgement, and with it the connection. */
  class Losing extends WebSocket {
    set onmessage(handler) {
      super.onmessage = (event) => {
        if (!losesAcks || !event.data.includes('"ack"')) return handler?.(event);
        losesAcks = false;
        this.terminate();
      };
    }
  }
  const laptop = client(ada.token, { WebSocket: Losing, firstDelay: 300 });
  await laptop.connect();

  /** The laptop makes a change whose acknowledgement is lost; meanwhile ada makes another one. */
  const meanwhile = async (change, kind, other) => {
    losesAcks = true;
    const done = change();
    const { seq } = await hear(ada, kind);
    await other();
    const { duplicate, seq: first } = await done;
    assert.deepEqual([duplicate, first], [true, seq]);
  };

  await meanwhile(
    () => laptop.edit(here, message_id, "from the laptop"),
    "message_edited",
    () => ada.request("PATCH", path, { content: "from the phone, later" }),
  );
  await meanwhile(
    () => laptop.react(here, message_id, "👍"),
    "reaction",
    () => ada.request("DELETE", `${path}/reactions/${encodeURIComponent("👍")}`),
  );
  const { content, reactions } = await ada.request("GET", path);
  assert.deepEqual([content, reactions], ["from the phone, later", null]);
});
