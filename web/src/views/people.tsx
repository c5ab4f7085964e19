/** People: search, friends and blocked users, and the page of one person. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { ApiError, PHASE3, USERS, call, get, knowledgeTitle, page, query } from "../api";
import { date, nameOf, when } from "../format";
import type { Knowledge, Person, Relationship, User } from "../model";
import { findPeople } from "../parts/find";
import { Audience, Disc, Icon, VISIBILITY, visibilityText } from "../parts/marks";
import { Choice, Dialog, Empty, Show, Wrong, useAction, useLoaded } from "../parts/ui";
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
      <Link href={`/people/${person.user_id}`}>
        <b>
          <bdi>{nameOf(person)}</bdi>
        </b>
      </Link>
      <br />
      <span class="small muted">{person.note ?? `@${person.username}`}</span>
    </div>
  </li>
);

export function PeopleView() {
  const [text, setText] = useState("");
  const [which, setWhich] = useState<Which>("found");
  const people = useLoaded(
    (signal) => load(which, text, signal),
    [which, which === "found" ? text : ""],
  );
  const seen = useLoaded(
    (signal) =>
      get<(Person & { last_seen: string })[]>(`${PHASE3}/social/active-users?limit=12`, signal),
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
                <div class="searchbox grow">
                  <Icon name="Search" />
                  <input
                    class="input search"
                    type="search"
                    value={text}
                    placeholder={t("find-somebody")}
                    aria-label={t("find-somebody")}
                    onInput={(event) => {
                      setText(event.currentTarget.value);
                      setWhich("found");
                    }}
                  />
                </div>
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
                        <PersonRow
                          key={person.user_id}
                          person={{ ...person, note: when(person.last_seen) }}
                        />
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

const RADIUS = 22;
const ROUND = 2 * Math.PI * RADIUS;
export const BondRing = ({ strength }: { strength: number }) => (
  <svg
    class="bond"
    viewBox="0 0 56 56"
    role="img"
    aria-label={t("strength", { count: Math.round(strength * 100) })}
  >
    <circle class="track" cx="28" cy="28" r={RADIUS} />
    <circle
      class="val"
      cx="28"
      cy="28"
      r={RADIUS}
      stroke-dasharray={`${(ROUND * strength).toFixed(1)} ${ROUND.toFixed(1)}`}
      transform="rotate(-90 28 28)"
    />
    <text x="28" y="33">
      {Math.round(strength * 100)}
    </text>
  </svg>
);

const tieWith = (id: number, signal: AbortSignal) =>
  get<Relationship>(`${PHASE3}/relationships/${id}`, signal).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });

function Bond({ user }: { user: User }) {
  const tie = useLoaded((signal) => tieWith(user.id, signal), [user.id]);
  const [isBlocking, setBlocking] = useState(false);
  const [relate, isBusy, refusal] = useAction(async (type: string | null) => {
    if (type)
      tie.set(
        await call("POST", `${PHASE3}/relationships`, {
          related_user_id: user.id,
          relationship_type: type,
        }),
      );
    else {
      await call("DELETE", `${PHASE3}/relationships/${user.id}`);
      tie.set(null);
    }
    setBlocking(false);
  });
  return (
    <Show of={tie} lines={1}>
      {(bond) => (
        <section class="card stack s">
          <div class="row top">
            {bond && bond.relationship_type !== "blocked" && <BondRing strength={bond.strength} />}
            <div class="grow stack s">
              <h2>
                {t(
                  bond
                    ? bond.relationship_type === "friend"
                      ? "a-friend"
                      : bond.relationship_type === "blocked"
                        ? "you-block"
                        : "a-tie"
                    : "no-tie",
                )}
              </h2>
              <p class="small muted">
                {bond
                  ? bond.relationship_type === "blocked"
                    ? t("blocked-text")
                    : t("bond-text", {
                        strength: Math.round(bond.strength * 100),
                        count: bond.interaction_count,
                      })
                  : t("no-tie-text")}
              </p>
              {bond?.relationship_type === "friend" && (
                <Audience reach={1}>{t("friend-sees", { person: nameOf(user) })}</Audience>
              )}
            </div>
          </div>
          <Wrong>{refusal.message}</Wrong>
          <div class="row wrap">
            {bond?.relationship_type !== "friend" && bond?.relationship_type !== "blocked" && (
              <button
                type="button"
                class="btn go s"
                aria-disabled={isBusy}
                onClick={() => relate("friend")}
              >
                <Icon name="UserPlus" /> {t("call-friend", { person: nameOf(user) })}
              </button>
            )}
            {bond && (
              <button
                type="button"
                class="btn s"
                aria-disabled={isBusy}
                onClick={() => relate(null)}
              >
                {t(bond.relationship_type === "blocked" ? "unblock" : "end-tie")}
              </button>
            )}
            {bond?.relationship_type !== "blocked" && (
              <button type="button" class="btn quiet s" onClick={() => setBlocking(true)}>
                <Icon name="Ban" /> {t("block")}
              </button>
            )}
          </div>
          {isBlocking && (
            <Dialog
              title={t("block-title", { person: nameOf(user) })}
              onClose={() => setBlocking(false)}
            >
              <p class="muted">{t("block-text")}</p>
              <div class="row">
                <button type="button" class="btn bad" onClick={() => relate("blocked")}>
                  {t("block")}
                </button>
                <button type="button" class="btn quiet" onClick={() => setBlocking(false)}>
                  {t("cancel")}
                </button>
              </div>
            </Dialog>
          )}
        </section>
      )}
    </Show>
  );
}

export function PersonView({ id }: { id: number }) {
  const user = useLoaded((signal) => get<User>(`${USERS}/${id}`, signal), [id]);
  const known = useLoaded(
    (signal) =>
      page<Knowledge>(`${PHASE3}/knowledge${query({ creator_id: id, limit: 20 })}`, signal),
    [id],
  );
  const isMe = me.value?.id === id;
  const isGone =
    user.error instanceof ApiError && (user.error.status === 404 || user.error.status === 422);
  const status = isMe ? "connected" : state.value.status[id];
  return (
    <main class="main" id="main">
      <Bar title={t("people")} back="/people" />
      <div class="scroll">
        <div class="page narrow stack l">
          {isGone ? (
            <Empty title={t("no-person")} />
          ) : (
            <Show of={user}>
              {(person) => (
                <>
                  <div class="row top wrap">
                    <Disc id={id} name={nameOf(person)} size="xl" status={status} />
                    <div class="grow stack s">
                      <div>
                        <h1>
                          <bdi>{nameOf(person)}</bdi>
                        </h1>
                        <p class="muted">
                          @{person.username} ·{" "}
                          {status ? `${t(status === "away" ? "away" : "here-now")} · ` : ""}
                          {t("since", { date: date(person.created_at) })}
                        </p>
                      </div>
                      {person.bio && <p>{person.bio}</p>}
                      {isMe && (
                        <div>
                          <Link class="btn s" href="/settings">
                            {t("settings")}
                          </Link>
                        </div>
                      )}
                    </div>
                  </div>
                  {!isMe && <Bond user={person} />}
                </>
              )}
            </Show>
          )}
          <section>
            <h2>{t("what-they-know")}</h2>
            <Show of={known}>
              {({ items }) =>
                items.length === 0 ? (
                  <p class="muted">{t("nothing-shared")}</p>
                ) : (
                  <ul>
                    {items.map((item) => (
                      <li key={item.id}>
                        <Link class="person pick" href={`/knowledge/${item.id}`}>
                          <b class="num">{item.upvotes - item.downvotes}</b>
                          <span class="grow clip">{knowledgeTitle(item)}</span>
                          <span class="row small muted">
                            <Audience reach={VISIBILITY[item.visibility]!}>
                              {visibilityText(item.visibility)}
                            </Audience>
                          </span>
                        </Link>
                      </li>
                    ))}
                  </ul>
                )
              }
            </Show>
          </section>
        </div>
      </div>
    </main>
  );
}
