/** What people have written down: searching it, voting, sharing. */
import { useState } from "preact/hooks";
import { useSearch } from "wouter-preact";

import { creatorOf, get, knowledgeTitle, query } from "../api";
import { when } from "../format";
import type { Knowledge } from "../model";
import { Choice } from "../parts/choice";
import { Dialog } from "../parts/dialog";
import { useSearchBox } from "../parts/find";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, VISIBILITY, visibilityText } from "../parts/marks";
import { SharePiece } from "../parts/piece-form";
import { Snippet } from "../parts/snippet";
import { Empty, More, Show, useLoaded, usePages } from "../parts/ui";
import { Vote } from "../parts/vote";
import { Bar } from "../shell";
import { KNOWLEDGE } from "../store/knowledge";
import { t } from "../text";

type Order = "relevant" | "top" | "new";

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
          <Disc id={item.creator_id} name={creatorOf(item)} size="s" />
          <span>
            <bdi>{creatorOf(item)}</bdi>
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

export function KnowledgeView() {
  const [order, setOrder] = useState<Order>("new");
  const [searchBox, text] = useSearchBox(t("search-knowledge"), {
    onType: () => setOrder("relevant"),
  });
  const [tag, setTag] = useState(new URLSearchParams(useSearch()).get("tag"));
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
                <SharePiece onShared={add} />
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
          <SharePiece onShared={add} />
        </Dialog>
      )}
    </main>
  );
}
