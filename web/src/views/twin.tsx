/** The user's twin: drafts that wait for a yes, a talk with it, how it may answer, what it remembers. */
import { useEffect, useState } from "preact/hooks";

import { AEON, call, get, page, query } from "../api";
import { clock, nameOf, when } from "../format";
import { Markdown } from "../markdown";
import type { Turn } from "../model";
import { Audience, Disc, Icon, Ring, Seal, VISIBILITY } from "../parts/marks";
import { Choice, Empty, Field, Form, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { me, state } from "../store/store";
import { t } from "../text";

interface Twin {
  name: string;
  persona: string | null;
  autopilot: string;
}
interface Status {
  replies_today: number;
  max_replies_per_day: number;
  tokens_today: number;
  max_tokens_per_day: number;
  memories: number;
}
interface Memory {
  id: number;
  content: string;
  visibility: string;
  created_at: string;
}

function Draft({ turn, twin, onDone }: { turn: Turn; twin: string; onDone: () => void }) {
  const [text, setText] = useState<string | null>(null);
  const [decide, isBusy, refusal] = useAction(async (isSaid: boolean) => {
    const body = isSaid ? (text === null ? {} : { content: text }) : undefined;
    await call("POST", `${AEON}/drafts/${turn.id}/${isSaid ? "approve" : "reject"}`, body);
    onDone();
  });
  const room = turn.room_id ? state.value.rooms[turn.room_id] : undefined;
  const reach = room ? (room.is_public ? 2 : 1) : 1;
  return (
    <article class="draft stack s" aria-label={t("draft-for", { person: turn.asker_name })}>
      <div class="row wrap small muted">
        <Disc id={turn.asker_id} name={turn.asker_name} size="s" />
        <span class="grow">
          {room
            ? t("asked-in", { person: turn.asker_name, room: room.name })
            : t("asked", { person: turn.asker_name })}
          , {when(turn.created_at)}
        </span>
        <Audience reach={reach}>
          {room
            ? t("will-read", { count: room.current_participants })
            : t("only-asker", { person: turn.asker_name })}
        </Audience>
      </div>
      {text === null ? (
        <div class="said twin-voice">
          <span class="sr">{twin}: </span>
          <Markdown text={turn.content ?? ""} />
        </div>
      ) : (
        <textarea
          class="input area"
          rows={4}
          value={text}
          aria-label={t("answer")}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Wrong>{refusal.message}</Wrong>
      <div class="row wrap">
        <button
          type="button"
          class="btn twin s"
          aria-disabled={isBusy}
          onClick={() => decide(true)}
        >
          <Icon name="Check" /> {t("say-it")}
        </button>
        {text === null ? (
          <button type="button" class="btn s" onClick={() => setText(turn.content ?? "")}>
            <Icon name="Pencil" /> {t("change")}
          </button>
        ) : (
          <button type="button" class="btn s" onClick={() => setText(null)}>
            {t("cancel")}
          </button>
        )}
        <button
          type="button"
          class="btn quiet s"
          aria-disabled={isBusy}
          onClick={() => decide(false)}
        >
          {t("not-this")}
        </button>
        {turn.sources && turn.sources.length > 0 && (
          <span class="small muted">{t("from-sources", { count: turn.sources.length })}</span>
        )}
      </div>
    </article>
  );
}

function Drafts({ twin }: { twin: string }) {
  const drafts = useLoaded(
    (signal) => get<Turn[]>(`${AEON}/drafts?limit=50`, signal),
    [state.value.drafts],
  );
  return (
    <section class="stack">
      <h2>{t("waiting-for-yes")}</h2>
      <Show of={drafts}>
        {(list) =>
          list.length === 0 ? (
            <p class="muted">{t("no-drafts")}</p>
          ) : (
            list.map((turn) => (
              <Draft key={turn.id} turn={turn} twin={twin} onDone={drafts.again} />
            ))
          )
        }
      </Show>
    </section>
  );
}

interface Line {
  isTwin: boolean;
  text: string;
  at: string;
}
interface Answer {
  message: string | null;
  conversation_id: string;
  state: string;
  reason: string | null;
}

function Chat({ twin }: { twin: string }) {
  const [lines, setLines] = useState<Line[]>([]);
  const [text, setText] = useState("");
  const [conversation, setConversation] = useState<string | null>(null);
  const [ask, isBusy, refusal] = useAction(async (message: string) => {
    const add = (isTwin: boolean, text: string) =>
      setLines((before) => [...before, { isTwin, text, at: new Date().toISOString() }]);
    add(false, message);
    setText("");
    const body = { message, ...(conversation ? { conversation_id: conversation } : {}) };
    let answer = await call<Answer>("POST", `${AEON}/chat?wait=10`, body);
    setConversation(answer.conversation_id);
    for (
      let tries = 0;
      tries < 6 && (answer.state === "queued" || answer.state === "running");
      tries++
    ) {
      const turns = await get<Answer & { id: number }>(
        `${AEON}/turns/${(answer as Answer & { turn_id: number }).turn_id}`,
      );
      answer = {
        ...answer,
        state: turns.state,
        reason: turns.reason,
        message: (turns as unknown as Turn).content,
      };
      if (turns.state === "queued" || turns.state === "running")
        await new Promise((done) => setTimeout(done, 2000));
    }
    add(true, answer.message ?? answer.reason ?? t("no-answer-from-twin"));
  });
  const user = me.value!;
  const owner = { id: user.id, name: nameOf(user) };
  return (
    <section class="stack">
      <div class="row">
        <h2 class="grow">{t("talk-with", { twin })}</h2>
        <Audience reach={0}>{t("visibility-private")}</Audience>
      </div>
      <div class="card stack">
        <div role="log" aria-label={t("talk-with", { twin })}>
          {lines.map((line, index) => (
            <article
              key={index}
              class={`msg first ${line.isTwin ? "twin" : ""}`}
              aria-label={
                line.isTwin
                  ? t("twin-label", { twin, person: owner.name, time: clock(line.at) })
                  : t("person-label", { person: t("you"), time: clock(line.at) })
              }
            >
              {line.isTwin ? <Ring name={twin} owner={owner} /> : <Disc {...owner} />}
              <div>
                <div class="head">
                  <span class="name">{line.isTwin ? twin : t("you")}</span>
                  {line.isTwin && (
                    <span class="chip twin">{t("twin-of", { person: t("you-object") })}</span>
                  )}
                  <time>{clock(line.at)}</time>
                </div>
                {line.isTwin ? (
                  <div class="said">
                    <div class="body">
                      <Markdown text={line.text} />
                    </div>
                  </div>
                ) : (
                  <div class="body">
                    <Markdown text={line.text} />
                  </div>
                )}
              </div>
            </article>
          ))}
        </div>
        {isBusy && (
          <p class="small muted row" role="status">
            <span class="pulse" /> {t("is-composing", { twin })}
          </p>
        )}
        <Wrong>{refusal.message}</Wrong>
        <Form class="row" onSend={() => text.trim() && ask(text.trim())}>
          <input
            class="input"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            placeholder={t("ask-twin", { twin })}
            aria-label={t("ask-twin", { twin })}
          />
          <button class="btn twin icon" aria-label={t("send")} aria-disabled={isBusy}>
            <Icon name="ArrowUp" />
          </button>
        </Form>
      </div>
    </section>
  );
}

function Character({ twin, onChange }: { twin: Twin; onChange: (twin: Twin) => void }) {
  const [isChanging, setChanging] = useState(false);
  const [change, isBusy, refusal] = useAction(async (part: Partial<Twin>) => {
    onChange(await call("PUT", `${AEON}/twin`, { ...twin, ...part }));
    setChanging(false);
  });
  return (
    <section class="card stack">
      <div class="row">
        <Ring name={twin.name} />
        <div class="grow">
          <h2>
            <span class="twin-voice">{twin.name}</span>
          </h2>
          <p class="small muted">{t("your-twin")}</p>
        </div>
        <button type="button" class="btn s" onClick={() => setChanging(!isChanging)}>
          {t("persona")}
        </button>
      </div>
      {isChanging ? (
        <Form
          class="stack"
          onSend={({ name, persona }) => change({ name: name!, persona: persona || null })}
        >
          <Field
            label={t("twin-name")}
            name="name"
            defaultValue={twin.name}
            wrong={refusal.of("name")}
          />
          <Field
            label={t("persona")}
            name="persona"
            defaultValue={twin.persona ?? ""}
            wrong={refusal.of("persona")}
          />
          <button class="btn twin" aria-disabled={isBusy}>
            {t("save")}
          </button>
        </Form>
      ) : (
        twin.persona && <p class="small twin-voice">{twin.persona}</p>
      )}
      <fieldset class="stack s">
        <legend class="small">
          <b>{t("may-answer")}</b>
        </legend>
        <Choice
          class="twin"
          label={t("may-answer")}
          value={twin.autopilot}
          onChoose={(autopilot) => change({ autopilot })}
          options={[
            ["off", t("never")],
            ["draft", t("as-drafts")],
            ["on", t("by-itself")],
          ]}
        />
      </fieldset>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

const Meter = ({ value, most, label }: { value: number; most: number; label: string }) => (
  <svg
    class="meter twin"
    viewBox="0 0 100 6"
    preserveAspectRatio="none"
    role="img"
    aria-label={label}
  >
    <rect width={most > 0 ? Math.min(100, (100 * value) / most) : 0} height="6" />
  </svg>
);

const Today = ({ status }: { status: Status }) => (
  <section class="card stack s">
    <h2>{t("today")}</h2>
    <dl class="kv small">
      <dt>{t("answers")}</dt>
      <dd>{t("of-most", { value: status.replies_today, most: status.max_replies_per_day })}</dd>
    </dl>
    <Meter value={status.replies_today} most={status.max_replies_per_day} label={t("answers")} />
    <dl class="kv small">
      <dt>{t("tokens")}</dt>
      <dd>{t("of-most", { value: status.tokens_today, most: status.max_tokens_per_day })}</dd>
    </dl>
    <Meter value={status.tokens_today} most={status.max_tokens_per_day} label={t("tokens")} />
    <p class="small muted">{t("spent-text")}</p>
  </section>
);

function Memories() {
  const [text, setText] = useState("");
  const memories = useLoaded(async (signal) => {
    const { items } = await page<Memory>(`${AEON}/memories${query({ limit: 30 })}`, signal);
    return items;
  }, []);
  const [forget, , refusal] = useAction(async (id: number) => {
    await call("DELETE", `${AEON}/memories/${id}`);
    memories.again();
  });
  const [add, isBusy, addRefusal] = useAction(async () => {
    await call("POST", `${AEON}/memories`, {
      content: text,
      memory_type: "fact",
      visibility: "private",
    });
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
      <Wrong>{addRefusal.of("content") ?? addRefusal.message ?? refusal.message}</Wrong>
      <Show of={memories}>
        {(list) =>
          list.length === 0 ? (
            <p class="small muted">{t("no-memories")}</p>
          ) : (
            <>
              {list.map((memory) => (
                <div key={memory.id} class="memory">
                  <span class="twin-voice">{memory.content}</span>
                  <button type="button" class="btn quiet s" onClick={() => forget(memory.id)}>
                    {t("forget")}
                  </button>
                  <span class="small muted row">
                    <Seal reach={VISIBILITY[memory.visibility] ?? 0} /> {when(memory.created_at)} ·{" "}
                    {t(`visibility-${memory.visibility}`)}
                  </span>
                </div>
              ))}
            </>
          )
        }
      </Show>
    </section>
  );
}

export function TwinView() {
  const twin = useLoaded((signal) => get<Twin>(`${AEON}/twin`, signal), []);
  const status = useLoaded((signal) => get<Status>(`${AEON}/status`, signal), []);
  useEffect(() => status.again(), [state.value.drafts]);
  return (
    <main class="main" id="main">
      <Bar title={t("your-twin")} />
      <div class="scroll">
        <div class="page">
          <Show of={twin}>
            {(known) => (
              <div class="cols">
                <div class="stack l">
                  <Drafts twin={known.name} />
                  <Chat twin={known.name} />
                </div>
                <div class="stack l">
                  <Character twin={known} onChange={twin.set} />
                  {status.value && <Today status={status.value} />}
                  <Memories />
                </div>
              </div>
            )}
          </Show>
          {twin.error && !twin.value ? <Empty title={t("no-twin")} /> : null}
        </div>
      </div>
    </main>
  );
}
