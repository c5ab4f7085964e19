/** The memories of the twin: their reasons and audience, and forgetting them. */
import { useState } from "preact/hooks";

import { AEON, call, get, query } from "../api";
import { when } from "../format";
import type { Source } from "../model";
import { Choice, circles } from "../parts/choice";
import { useSearchBox } from "../parts/find";
import { Icon, Seal, VISIBILITY, visibilityText } from "../parts/marks";
import { Form, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { Sources, sourceText } from "../parts/why";
import { t } from "../text";

interface Memory {
  id: number;
  content: string;
  visibility: (typeof CIRCLES)[number];
  times: number;
  quote: string | null;
  created_at: string;
  sources: Source[] | null;
}

const MEMORIES = `${AEON}/memories`;
const CIRCLES = ["private", "friends", "public"] as const;

function MemoryView({ memory, onChange }: { memory: Memory; onChange: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const path = `${MEMORIES}/${memory.id}`;
  const [change, isBusy, refusal] = useAction(async (visibility: string | null) => {
    await (visibility ? call("PATCH", path, { visibility }) : call("DELETE", path));
    onChange();
  });
  return (
    <div class="memory">
      <span class="twin-voice">{memory.content}</span>
      <button
        type="button"
        class="btn quiet icon s"
        aria-expanded={isOpen}
        aria-label={t("why-remembered")}
        title={t("why-remembered")}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={isOpen ? "ChevronUp" : "ChevronDown"} />
      </button>
      <span class="small muted row wrap">
        <Seal reach={VISIBILITY[memory.visibility] ?? 0} /> {visibilityText(memory.visibility)} ·{" "}
        {when(memory.created_at)}
        {memory.times > 1 && ` · ${t("times-heard", { count: memory.times })}`}
      </span>
      {isOpen && (
        <div class="stack s across">
          <div class="why">
            {memory.quote && <p>“{memory.quote}”</p>}
            {memory.sources?.length ? (
              <Sources sources={memory.sources} />
            ) : (
              <p>{t("you-told-it")}</p>
            )}
          </div>
          <Choice
            class="twin"
            label={t("who-sees")}
            value={memory.visibility}
            onChoose={change}
            options={circles(CIRCLES)}
          />
          <Wrong>{refusal.message}</Wrong>
          <div>
            <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => change(null)}>
              {t("forget")}
            </button>
          </div>
        </div>
      )}
    </div>
  );
}

interface Hit {
  kind: string;
  id: string;
  author_name: string;
  content: string;
  created_at: string;
}

/** The texts on which the twin may draw for its owner, the best first. */
function Drawn({ text }: { text: string }) {
  const found = useLoaded(
    (signal) => get<{ hits: Hit[] }>(`${MEMORIES}${query({ q: text, limit: 10 })}`, signal),
    [text],
  );
  return (
    <Show of={found} lines={3}>
      {({ hits }) =>
        hits.length === 0 ? (
          <p class="small muted">{t("nothing-found", { text })}</p>
        ) : (
          <ul>
            {hits.map(({ kind, id, author_name, content, created_at }) => (
              <li key={`${kind} ${id}`} class="memory">
                <span class={kind === "memory" ? "lines twin-voice" : "lines"}>{content}</span>
                <span />
                <span class="small muted">
                  {sourceText(kind)} · <bdi>{author_name}</bdi> · {when(created_at)}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Show>
  );
}

export function Memories() {
  const [searchBox, searched] = useSearchBox(t("search-memories"), { maxLength: 1000 });
  const [text, setText] = useState("");
  const memories = usePages<Memory>(`${MEMORIES}?limit=20`);
  const [add, isBusy, refusal] = useAction(async () => {
    await call("POST", MEMORIES, { content: text, memory_type: "fact", visibility: "private" });
    setText("");
    memories.again();
  });
  return (
    <section class="card stack s">
      <h2>{t("remembers")}</h2>
      <Form class="row" onSend={() => text.trim() && add()}>
        <input
          class="input"
          value={text}
          placeholder={t("tell-it")}
          aria-label={t("tell-it")}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button class="btn icon" aria-label={t("remember")} aria-disabled={isBusy}>
          <Icon name="Plus" />
        </button>
      </Form>
      <Wrong>{refusal.of("content") ?? refusal.message}</Wrong>
      {searchBox}
      {searched ? (
        <Drawn text={searched} />
      ) : (
        <Show of={memories}>
          {(items) => (
            <>
              {items.length === 0 && <p class="small muted">{t("no-memories")}</p>}
              {items.map((memory) => (
                <MemoryView key={memory.id} memory={memory} onChange={memories.again} />
              ))}
              <More of={memories} />
            </>
          )}
        </Show>
      )}
    </section>
  );
}
