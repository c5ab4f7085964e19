/** What people have written down: searching it, reading it, voting, sharing. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { ApiError, PHASE3, call, get, knowledgeTitle, query } from "../api";
import { date, when } from "../format";
import { Markdown } from "../markdown";
import type { Knowledge } from "../model";
import { useSearch } from "../parts/find";
import { Choice, ChoiceField, circles } from "../parts/choice";
import { Confirm, Dialog } from "../parts/dialog";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, VISIBILITY, visibilityText } from "../parts/marks";
import { Report } from "../parts/report";
import { Snippet } from "../parts/snippet";
import { Empty, Form, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { Bar } from "../shell";
import { me } from "../store/store";
import { t } from "../text";

const KNOWLEDGE = `${PHASE3}/knowledge`;
type Order = "relevant" | "top" | "new";
type Visibility = Knowledge["visibility"];
const VISIBILITIES: readonly Visibility[] = ["public", "friends", "private"];
const creator = (item: Knowledge) => item.creator_full_name || item.creator_name;

function Vote({ item, onVoted }: { item: Knowledge; onVoted: (item: Knowledge) => void }) {
  const score = item.upvotes - item.downvotes;
  const [vote, , refusal] = useAction(async (value: "up" | "down") => {
    const isBack = item.my_vote === value;
    const path = `${KNOWLEDGE}/${item.id}/${isBack ? "vote" : `${value}vote`}`;
    const counts = await call<{ upvotes: number; downvotes: number }>(
      isBack ? "DELETE" : "POST",
      path,
    );
    onVoted({ ...item, ...counts, my_vote: isBack ? null : value });
  });
  if (item.creator_id === me.value?.id)
    return (
      <div class="vote own">
        <b>{score}</b>
        <span class="xs">{t("yours")}</span>
      </div>
    );
  return (
    <div class="vote">
      <button
        type="button"
        aria-label={t("vote-for")}
        aria-pressed={item.my_vote === "up"}
        onClick={() => vote("up")}
      >
        <Icon name="ChevronUp" />
      </button>
      <b>{score}</b>
      <button
        type="button"
        aria-label={t("vote-against")}
        aria-pressed={item.my_vote === "down"}
        onClick={() => vote("down")}
      >
        <Icon name="ChevronDown" />
      </button>
      {refusal.message && (
        <span class="sr" role="alert">
          {refusal.message}
        </span>
      )}
    </div>
  );
}

const excerptOf = (item: Knowledge) =>
  [...(item.excerpt ?? item.content ?? "")].slice(0, 240).join("");

function Piece({
  item,
  onTag,
  onVoted,
}: {
  item: Knowledge;
  onTag: (tag: string) => void;
  onVoted: (item: Knowledge) => void;
}) {
  const title = knowledgeTitle(item);
  return (
    <article class="know">
      <Vote item={item} onVoted={onVoted} />
      <div>
        <h2 class="lines">
          <Link href={`/knowledge/${item.id}`}>
            <bdi>{title}</bdi>
          </Link>
        </h2>
        {item.snippet ? (
          <p class="ex lines">
            <Snippet text={item.snippet} />
          </p>
        ) : (
          excerptOf(item) !== title && <p class="ex lines">{excerptOf(item)}</p>
        )}
        <div class="row wrap small muted">
          <Disc id={item.creator_id} name={creator(item)} size="s" />
          <span>
            <bdi>{creator(item)}</bdi>
          </span>
          {item.tags.slice(0, 5).map((tag) => (
            <button key={tag} type="button" class="chip" onClick={() => onTag(tag)}>
              #{tag}
            </button>
          ))}
          <Audience reach={VISIBILITY[item.visibility]!}>
            {visibilityText(item.visibility)}
          </Audience>
          <span>{when(item.created_at)}</span>
        </div>
      </div>
    </article>
  );
}

export function ShareForm({ onShared }: { onShared: (item: Knowledge) => void }) {
  const [visibility, setVisibility] = useState<Visibility>("public");
  const [content, setContent] = useState("");
  const [run, isBusy, refusal] = useAction(async ({ tags }: Record<string, string>) => {
    const list = tags!.split(/[\s,#]+/).filter(Boolean);
    onShared(
      await call("POST", KNOWLEDGE, { content, knowledge_type: "insight", tags: list, visibility }),
    );
    setContent("");
  });
  return (
    <Form class="card stack" onSend={run}>
      <h2>{t("share-what-you-know")}</h2>
      <textarea
        class="input area"
        rows={4}
        value={content}
        aria-label={t("what-you-know")}
        placeholder={t("what-you-know")}
        onInput={(event) => setContent(event.currentTarget.value)}
      />
      <input class="input" name="tags" placeholder={t("tags-hint")} aria-label={t("tags")} />
      <ChoiceField
        label={t("who-sees")}
        value={visibility}
        onChoose={setVisibility}
        options={circles(VISIBILITIES)}
        note={t(`${visibility}-text`)}
      />
      <Wrong>{refusal.of("content") ?? refusal.of("tags") ?? refusal.message}</Wrong>
      <button class="btn go" aria-disabled={isBusy || content.trim() === ""}>
        {t("share")}
      </button>
    </Form>
  );
}

export function KnowledgeView() {
  const [order, setOrder] = useState<Order>("new");
  const [searchBox, text] = useSearch(t("search-knowledge"), {
    onType: () => setOrder("relevant"),
  });
  const [tag, setTag] = useState<string | null>(null);
  const [isSharing, setSharing] = useState(false);
  const sort = text ? order : order === "relevant" ? "new" : order;
  const found = usePages<Knowledge>(`${KNOWLEDGE}${query({ q: text, sort, tag, limit: 40 })}`);
  const tags = useLoaded(
    (signal) => get<{ tag: string; count: number }[]>(`${KNOWLEDGE}/tags?limit=16`, signal),
    [],
  );
  const items = found.value ?? [];
  const replace = (item: Knowledge) =>
    found.set(items.map((other) => (other.id === item.id ? item : other)));
  const add = (item: Knowledge) => {
    found.set([item, ...items]);
    setSharing(false);
    tags.again();
  };
  return (
    <main class="main" id="main">
      <Bar title={t("knowledge")}>
        <button
          type="button"
          class="btn go phone-only"
          aria-label={t("share-what-you-know")}
          onClick={() => setSharing(true)}
        >
          <Icon name="Plus" />
        </button>
      </Bar>
      <div class="scroll">
        <div class="page">
          <div class="cols">
            <div>
              <div class="row wrap">
                {searchBox}
                <Choice
                  label={t("order")}
                  value={sort as Order}
                  onChoose={setOrder}
                  options={[
                    ...(text ? [["relevant", t("best-match")] as const] : []),
                    ["top", t("top")],
                    ["new", t("new")],
                  ]}
                />
              </div>
              {tag && (
                <p class="row pt">
                  <button type="button" class="chip on" onClick={() => setTag(null)}>
                    #{tag} <Icon name="X" />
                    <span class="sr">{t("all-tags")}</span>
                  </button>
                </p>
              )}
              <Show of={found}>
                {() =>
                  items.length === 0 ? (
                    <Empty
                      title={
                        text || tag
                          ? t("nothing-found", { text: text || `#${tag}` })
                          : t("no-knowledge")
                      }
                    >
                      <p>{!text && !tag && t("no-knowledge-text")}</p>
                    </Empty>
                  ) : (
                    <>
                      {items.map((item) => (
                        <Piece key={item.id} item={item} onTag={setTag} onVoted={replace} />
                      ))}
                      <More of={found} />
                    </>
                  )
                }
              </Show>
            </div>
            <div class="stack l">
              <div class="wide-only">
                <ShareForm onShared={add} />
              </div>
              {tags.value && tags.value.length > 0 && (
                <section class="stack s">
                  <h2>{t("tags")}</h2>
                  <div class="row wrap">
                    {tags.value.map(({ tag: name, count }) => (
                      <button
                        key={name}
                        type="button"
                        class={`chip ${name === tag ? "on" : ""}`}
                        aria-pressed={name === tag}
                        onClick={() => setTag(name === tag ? null : name)}
                      >
                        #{name} <span class="num faint">{count}</span>
                      </button>
                    ))}
                  </div>
                </section>
              )}
            </div>
          </div>
        </div>
      </div>
      {isSharing && (
        <Dialog title={t("share-what-you-know")} onClose={() => setSharing(false)}>
          <ShareForm onShared={add} />
        </Dialog>
      )}
    </main>
  );
}

function Erase({ item }: { item: Knowledge }) {
  const [isAsking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  return (
    <>
      <button type="button" class="btn quiet s" onClick={() => setAsking(true)}>
        <Icon name="Trash2" /> {t("delete")}
      </button>
      {isAsking && (
        <Confirm
          title={t("delete-knowledge")}
          button={t("delete")}
          keep={t("keep-it")}
          onDo={() => call("DELETE", `${KNOWLEDGE}/${item.id}`).then(() => navigate("/knowledge"))}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

export function KnowledgeItem({ id }: { id: number }) {
  const [, navigate] = useLocation();
  const item = useLoaded((signal) => get<Knowledge>(`${KNOWLEDGE}/${id}`, signal), [id]);
  const isGone =
    item.error instanceof ApiError && (item.error.status === 404 || item.error.status === 422);
  return (
    <main class="main" id="main">
      <Bar title={t("knowledge")} back="/knowledge" />
      <div class="scroll">
        <div class="page narrow">
          {isGone ? (
            <Empty title={t("no-piece")} />
          ) : (
            <Show of={item}>
              {(piece) => (
                <>
                  <div class="know plain">
                    <Vote item={piece} onVoted={item.set} />
                    <div class="stack">
                      <div class="row wrap">
                        <Audience reach={VISIBILITY[piece.visibility]!}>
                          {visibilityText(piece.visibility)}
                        </Audience>
                        {piece.tags.map((tag) => (
                          <button
                            key={tag}
                            type="button"
                            class="chip"
                            onClick={() => navigate("/knowledge")}
                          >
                            #{tag}
                          </button>
                        ))}
                      </div>
                      {piece.title && (
                        <h1>
                          <bdi>{piece.title}</bdi>
                        </h1>
                      )}
                      <div class="row wrap small muted">
                        <Disc id={piece.creator_id} name={creator(piece)} size="s" />
                        <Link href={`/people/${piece.creator_id}`}>
                          <bdi>{creator(piece)}</bdi>
                        </Link>
                        <span>{date(piece.created_at)}</span>
                        {piece.creator_id === me.value?.id ? (
                          <Erase item={piece} />
                        ) : (
                          <Report kind="knowledge" id={piece.id} />
                        )}
                      </div>
                    </div>
                  </div>
                  <div class="read">
                    <Markdown text={piece.content ?? ""} />
                  </div>
                  {piece.citing_twins > 0 && (
                    <p class="small muted">{t("drawn-on", { twins: piece.citing_twins })}</p>
                  )}
                </>
              )}
            </Show>
          )}
        </div>
      </div>
    </main>
  );
}
