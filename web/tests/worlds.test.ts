/**
 * The oracle (tests/oracle) tells this over a socket (SOCKET), a line of JSON each, when the clients of a world take
 * their first snapshots, and when what the events made of them must be what new snapshots say. The answer is a line,
 * too: null, or the difference.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { test } from "vitest";

import { Client, expectFresh } from "./follower";

declare const process: { env: Record<string, string | undefined> };
const { SOCKET } = process.env;
const OPENED = 3; // rooms of each user

interface Job {
  step: "begin" | "compare";
  people: Client[];
}

/** What a failed expect() says, with both sides. */
const told = ({ stack, actual, expected }: Error & { actual?: unknown; expected?: unknown }) =>
  `${stack}\nfollowed: ${JSON.stringify(actual)}\nfresh: ${JSON.stringify(expected)}`;

test.skipIf(!SOCKET)("in the oracle's worlds, a snapshot and the events after it give the next snapshot", async () => {
  const known = new Map<number, Client>();
  const steps = {
    begin: async ({ id, username, token }: Client) => {
      const person = new Client(id, username, token);
      known.set(id, person);
      await person.begin(OPENED);
    },
    compare: async ({ id }: Client) => {
      const person = known.get(id)!;
      await person.follow();
      await expectFresh(person, ["current_participants"]);
    },
  };
  const socket = connect(SOCKET!);
  for await (const line of createInterface({ input: socket })) {
    const { step, people } = JSON.parse(line) as Job;
    let difference: string | null = null;
    for (const person of people) difference ??= await steps[step](person).then(() => null, told);
    socket.write(JSON.stringify(difference) + "\n");
  }
}, 0);
