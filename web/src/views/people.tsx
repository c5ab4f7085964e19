/** People: search, friends and blocked users, and the page of one person. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { ApiError, PHASE3, USERS, call, get, knowledgeTitle, page, query } from "../api";
import { date, nameOf, when } from "../format";
import type { Knowledge, Person, Relationship, User } from "../model";
import { AskTwin } from "../parts/ask-twin";
import { BondRing } from "../parts/bond";
import { Choice } from "../parts/choice";
import { Confirm } from "../parts/dialog";
import { findPeople, useSearchBox } from "../parts/find";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, Ring, VISIBILITY, visibilityText } from "../parts/marks";
import { Report } from "../parts/report";
import { Empty, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { me, openDirect, state } from "../store/store";
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

const tieWith = (id: number, signal: AbortSignal) =>
  get<Relationship>(`${PHASE3}/relationships/${id}`, signal).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });

function Bond({ user }: { user: User }) {
  const tie = useLoaded((signal) => tieWith(user.id, signal), [user.id]);
  const [isBlocking, setBlocking] = useState(false);
  const setTie = async (type: string | null) => {
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
  };
  const [relate, isBusy, refusal] = useAction(setTie);
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
            <Confirm
              title={t("block-title", { person: nameOf(user) })}
              text={t("block-text")}
              button={t("block")}
              onDo={() => setTie("blocked")}
              onClose={() => setBlocking(false)}
            />
          )}
        </section>
      )}
    </Show>
  );
}

/** What one can do with a person: write, and tell the administrators. */
function Reach({ user }: { user: User }) {
  const [, navigate] = useLocation();
  const [write, isBusy, refusal] = useAction(async () =>
    navigate(`/rooms/${await openDirect([user.id])}`),
  );
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <div class="row wrap">
        <button type="button" class="btn go" aria-disabled={isBusy} onClick={() => write()}>
          <Icon name="MessageCircle" /> {t("write")}
        </button>
        {user.may_contact !== false && (
          <button type="button" class="btn twin" onClick={() => setAsking(true)}>
            <Icon name="Twin" /> {t("ask-the-twin")}
          </button>
        )}
        <Report kind="user" id={user.id} />
      </div>
      {isAsking && <AskTwin user={user} onClose={() => setAsking(false)} />}
      {user.may_contact === false && <p class="small muted">{t("wants-no-contact")}</p>}
      <Wrong>{refusal.message}</Wrong>
    </>
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
                    <span class="pair">
                      <Disc id={id} name={nameOf(person)} size="xl" status={status} />
                      {person.twin && <Ring name={person.twin.name} />}
                    </span>
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
                      {!isMe && <Reach user={person} />}
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
                            <span>{when(item.created_at)}</span>
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
