/** The page of a person as the user may see it, and the user's own page as a stranger sees it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, type Page, USERS, call, find, knowledgeTitle, page, query } from "../api";
import { date, nameOf, when } from "../format";
import type { Knowledge, Relationship, User } from "../model";
import { AskTwin } from "../parts/ask-twin";
import { BondRing } from "../parts/bond";
import { Confirm } from "../parts/dialog";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, Ring, VISIBILITY, visibilityText } from "../parts/marks";
import { Report } from "../parts/report";
import { Empty, type Loaded, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { me, openDirect, rooms, state } from "../store/store";
import { t } from "../text";

const Head = ({
  person,
  status,
  children,
}: {
  person: User;
  status?: string | undefined;
  children: ComponentChildren;
}) => (
  <div class="row top wrap">
    <span class="pair">
      <Disc id={person.id} name={nameOf(person)} size="xl" status={status} />
      {person.twin && <Ring name={person.twin.name} />}
    </span>
    <div class="grow stack s">
      <div>
        <h1>
          <bdi>{nameOf(person)}</bdi>
        </h1>
        <p class="muted">
          @{person.username} · {status ? `${t(status === "away" ? "away" : "is-here-now")} · ` : ""}
          {t("since", { date: date(person.created_at) })}
        </p>
      </div>
      {person.bio && <p>{person.bio}</p>}
      {children}
    </div>
  </div>
);

/** `onChange` is called when the user sees more or less of the person. */
function Bond({
  id,
  person,
  tie,
  onChange,
}: {
  id: number;
  person: string;
  tie: Loaded<Relationship | null>;
  onChange: () => void;
}) {
  const [isBlocking, setBlocking] = useState(false);
  const setTie = async (type: string | null) => {
    if (type)
      tie.set(
        await call("POST", `${PHASE3}/relationships`, {
          related_user_id: id,
          relationship_type: type,
        }),
      );
    else {
      await call("DELETE", `${PHASE3}/relationships/${id}`);
      tie.set(null);
    }
    onChange();
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
                <Audience reach={1}>{t("friend-sees", { person })}</Audience>
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
                <Icon name="UserPlus" /> {t("call-friend", { person })}
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
              title={t("block-title", { person })}
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

/** What one can do with a person: write, ask the twin, and tell the administrators. */
function Reach({ user }: { user: User }) {
  const [, navigate] = useLocation();
  const [write, isBusy, refusal] = useAction(async () =>
    navigate(`/rooms/${await openDirect([user.id])}`),
  );
  const [isAsking, setAsking] = useState(false);
  const mayContact = user.may_contact !== false;
  const hasTalk = rooms.value.some(({ kind, other }) => kind === "direct" && other?.user_id === user.id);
  return (
    <>
      <div class="row wrap">
        {(mayContact || hasTalk) && (
          <button type="button" class="btn go" aria-disabled={isBusy} onClick={() => write()}>
            <Icon name="MessageCircle" /> {t("write")}
          </button>
        )}
        {mayContact && (
          <button type="button" class="btn twin" onClick={() => setAsking(true)}>
            <Icon name="Twin" /> {t("ask-the-twin")}
          </button>
        )}
        <Report kind="user" id={user.id} />
      </div>
      {isAsking && <AskTwin user={user} onClose={() => setAsking(false)} />}
      {!mayContact && <p class="small muted">{t("wants-no-contact")}</p>}
      <Wrong>{refusal.message}</Wrong>
    </>
  );
}

const pieces = (creator_id: number, visibility: string | null, signal: AbortSignal) =>
  page<Knowledge>(`${PHASE3}/knowledge${query({ creator_id, visibility, limit: 20 })}`, signal);

const Pieces = ({ of }: { of: Loaded<Page<Knowledge>> }) => (
  <section>
    <h2>{t("what-they-know")}</h2>
    <Show of={of}>
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
);

export function PersonView({ id }: { id: number }) {
  const isMe = me.value?.id === id;
  const user = useLoaded((signal) => find<User>(`${USERS}/${id}`, signal), [id]);
  const tie = useLoaded(
    async (signal) => (isMe ? null : find<Relationship>(`${PHASE3}/relationships/${id}`, signal)),
    [id],
  );
  const known = useLoaded((signal) => pieces(id, null, signal), [id]);
  // The realm shows nothing of a blocked person but the block. The user can end it here.
  const blocked = tie.value?.relationship_type === "blocked" ? tie.value : null;
  const blockedName = blocked?.related_full_name || blocked?.related_username;
  const status = isMe ? "connected" : state.value.status[id];
  return (
    <main class="main" id="main">
      <Bar title={t("people")} back="/people" />
      <div class="scroll">
        <div class="page narrow stack l">
          <Show of={user}>
            {(person) =>
              person ? (
                <Head person={person} status={status}>
                  {isMe ? (
                    <div>
                      <Link class="btn s" href="/settings">
                        {t("settings")}
                      </Link>
                    </div>
                  ) : (
                    <Reach user={person} />
                  )}
                </Head>
              ) : (
                <Show of={tie}>
                  {() =>
                    blocked ? (
                      <h1>
                        <bdi>{blockedName}</bdi>
                      </h1>
                    ) : (
                      <Empty title={t("no-person")} />
                    )
                  }
                </Show>
              )
            }
          </Show>
          {!isMe && (user.value || blocked) && (
            <Bond
              id={id}
              person={user.value ? nameOf(user.value) : blockedName!}
              tie={tie}
              onChange={user.again}
            />
          )}
          {user.value && <Pieces of={known} />}
        </div>
      </div>
    </main>
  );
}

export function StrangerView() {
  const user = useLoaded((signal) => find<User>(`${USERS}/me/as-stranger`, signal), []);
  const known = useLoaded((signal) => pieces(me.value!.id, "public", signal), []);
  return (
    <main class="main" id="main">
      <Bar title={t("as-stranger")} back="/settings/privacy" />
      <div class="scroll">
        <div class="page narrow stack l">
          <div class="card row wrap">
            <Icon name="Eye" />
            <p class="grow">{t("as-stranger-text")}</p>
            <Link class="btn s" href="/settings/privacy">
              {t("change")}
            </Link>
          </div>
          <Show of={user}>
            {(person) =>
              person ? (
                <>
                  <Head person={person}>
                    <p class="small muted">
                      {t(person.may_contact ? "stranger-may" : "stranger-may-not")}
                    </p>
                  </Head>
                  <Pieces of={known} />
                </>
              ) : (
                <Empty title={t("no-person")}>
                  <p>{t("not-discoverable")}</p>
                </Empty>
              )
            }
          </Show>
        </div>
      </div>
    </main>
  );
}
