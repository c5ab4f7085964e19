/** People: search, friends and blocked users. */
import { useState } from "preact/hooks";

import { PHASE3, get, query } from "../api";
import { nameOf, when } from "../format";
import type { Person, Relationship } from "../model";
import { Choice } from "../parts/choice";
import { findPeople, useSearchBox } from "../parts/find";
import { Link } from "../parts/link";
import { Disc } from "../parts/marks";
import { Empty, Show, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { me, state } from "../store/store";
import { t } from "../text";

type Which = "found" | "friend" | "blocked";
interface Row extends Person {
  note?: string | undefined;
}

const reasons = (suggestion: Person & { reason?: string; by?: string[] }): Row => ({
  ...suggestion,
  note: suggestion.by?.length
    ? t(suggestion.reason === "friend_of_friend" ? "known-by" : "shares-with-you", {
        what: suggestion.by.slice(0, 3).join(", "),
      })
    : undefined,
});

async function load(which: Which, text: string, signal: AbortSignal): Promise<Row[]> {
  if (which === "found") return (await findPeople(text, signal)).map(reasons);
  const known = await get<Relationship[]>(
    `${PHASE3}/relationships${query({ relationship_type: which, limit: 200 })}`,
    signal,
  );
  return known.map((tie) => ({
    user_id: tie.related_user_id,
    username: tie.related_username,
    full_name: tie.related_full_name ?? null,
    note: which === "friend" ? t("strength", { count: Math.round(tie.strength * 100) }) : undefined,
  }));
}

const PersonRow = ({ person }: { person: Row }) => (
  <li class="person">
    <Disc id={person.user_id} name={nameOf(person)} status={state.value.status[person.user_id]} />
    <div class="grow">
      <Link class="plain" href={`/people/${person.user_id}`}>
        <b>
          <bdi>{nameOf(person)}</bdi>
        </b>
      </Link>
      <br />
      <span class="small muted">{person.note ?? `@${person.username}`}</span>
    </div>
  </li>
);

const SeenRow = ({ person }: { person: Person & { last_seen: string } }) => (
  <li class="person brief">
    <Disc
      id={person.user_id}
      name={nameOf(person)}
      size="s"
      status={state.value.status[person.user_id]}
    />
    <Link class="plain grow clip" href={`/people/${person.user_id}`}>
      <bdi>{nameOf(person)}</bdi>
    </Link>
    <span class="small muted">{when(person.last_seen)}</span>
  </li>
);

export function PeopleView() {
  const [which, setWhich] = useState<Which>("found");
  const [searchBox, text] = useSearchBox(t("find-somebody"), { onType: () => setWhich("found") });
  const people = useLoaded(
    (signal) => load(which, text, signal),
    [which, which === "found" ? text : ""],
  );
  const seen = useLoaded(
    (signal) =>
      get<(Person & { last_seen: string })[]>(`${PHASE3}/social/active-users?limit=12`, signal).then(
        (active) => active.filter(({ user_id }) => user_id !== me.value?.id),
      ),
    [],
  );
  return (
    <main class="main" id="main">
      <Bar title={t("people")} />
      <div class="scroll">
        <div class="page">
          <div class="cols">
            <div class="stack l">
              <div class="row wrap">
                {searchBox}
                <Choice
                  label={t("people")}
                  value={which}
                  onChoose={setWhich}
                  options={[
                    ["found", t(text ? "found" : "suggested")],
                    ["friend", t("friends")],
                    ["blocked", t("blocked")],
                  ]}
                />
              </div>
              <Show of={people}>
                {(rows) =>
                  rows.length === 0 ? (
                    <Empty
                      title={
                        text && which === "found"
                          ? t("nothing-found", { text })
                          : t(`nobody-${which}`)
                      }
                    />
                  ) : (
                    <ul class="list">
                      {rows.map((person) => (
                        <PersonRow key={person.user_id} person={person} />
                      ))}
                    </ul>
                  )
                }
              </Show>
            </div>
            <section class="card">
              <h2>{t("lately-seen")}</h2>
              <Show of={seen}>
                {(rows) =>
                  rows.length === 0 ? (
                    <p class="small muted">{t("nobody-seen")}</p>
                  ) : (
                    <ul class="list">
                      {rows.map((person) => (
                        <SeenRow key={person.user_id} person={person} />
                      ))}
                    </ul>
                  )
                }
              </Show>
            </section>
          </div>
        </div>
      </div>
    </main>
  );
}
