/**
 * The crash test (tests/crash) calls this between its rounds: what the clients of all users knew after the last round,
 * with the events since then, must be what a new snapshot says. STATES is the file that keeps what they knew; without
 * it they take their first snapshots.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "vitest";

import { clients, expectFresh } from "./follower";

const { STATES } = process.env;

test.skipIf(!STATES)("the events of a round lead from the last snapshot to the next one", async () => {
  const people = clients();
  const kept = existsSync(STATES) ? JSON.parse(readFileSync(STATES, "utf8")) : null;
  for (const person of people) {
    if (kept) {
      person.goOn(kept[person.id]);
      await person.follow();
      // What is asked during a long replay is of the present, and older events count their members again.
      await expectFresh(person, ["current_participants"]);
    } else await person.begin(3);
  }
  writeFileSync(STATES, JSON.stringify(Object.fromEntries(people.map((person) => [person.id, person.kept()]))));
}, 120_000);
