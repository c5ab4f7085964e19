/** The user's talk with the own twin. Its answer is shown while it is written, also after a reload. */
import { useEffect, useState } from "preact/hooks";

import { AEON, call, get } from "../api";
import { clock, nameOf } from "../format";
import { Markdown } from "../markdown";
import type { Turn } from "../model";
import { Audience, Disc, Icon, Ring } from "../parts/marks";
import { Form, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { apply, connection, me, state } from "../store/store";
import { t } from "../text";
import { reasonText } from "./calls";

interface Line {
  isTwin: boolean;
  text: string;
  at: string;
  end: Turn | null; // of a line that has no whole answer
}
interface Said {
  is_aeon: boolean;
  content: string;
  created_at: string;
}
interface Begun {
  lines: Line[];
  conversation: string | null;
  running: number | null;
}

const RUNNING = new Set(["queued", "running"]);
const LINES = 50;

/** What was said, and the turn that still runs: it goes on after a reload. */
async function load(signal: AbortSignal): Promise<Begun> {
  const [conversations, turns] = await Promise.all([
    get<{ id: string }[]>(`${AEON}/conversations?limit=1`, signal),
    get<Turn[]>(`${AEON}/turns?limit=10`, signal),
  ]);
  const conversation = conversations[0]?.id ?? null;
  const said = conversation
    ? await get<{ messages: Said[] }>(
        `${AEON}/conversations/${conversation}?limit=${LINES}`,
        signal,
      )
    : { messages: [] };
  const last = turns.find(({ cause_kind }) => cause_kind === "chat");
  const running = last && RUNNING.has(last.state) ? last : undefined;
  if (running?.content)
    apply("twin_delta", { turn_id: running.id, offset: 0, text: running.content });
  const lines = said.messages
    .map(({ is_aeon, content, created_at }) => ({
      isTwin: is_aeon,
      text: content,
      at: created_at,
      end: null,
    }))
    .reverse();
  return { lines, conversation, running: running?.id ?? null };
}

function LineView({ line, twin, onAgain }: { line: Line; twin: string; onAgain: () => void }) {
  const owner = { id: me.value!.id, name: nameOf(me.value!) };
  const label = line.isTwin
    ? t("twin-label", { twin, person: owner.name, time: clock(line.at) })
    : t("person-label", { person: t("you"), time: clock(line.at) });
  const body = (
    <div class="body">
      <Markdown text={line.text} />
    </div>
  );
  return (
    <article class={`msg first ${line.isTwin ? "twin" : ""}`} aria-label={label}>
      {line.isTwin ? <Ring name={twin} owner={owner} /> : <Disc {...owner} />}
      <div>
        <div class="head">
          <span class="name">{line.isTwin ? twin : t("you")}</span>
          {line.isTwin && (
            <span class="chip twin">{t("twin-of", { person: t("you-object") })}</span>
          )}
          <time dateTime={line.at}>{clock(line.at)}</time>
        </div>
        {line.isTwin ? line.text && <div class="said">{body}</div> : body}
        {line.end && (
          <p class="state">
            <Icon name="CircleAlert" /> {reasonText(line.end)}{" "}
            <button type="button" class="link" onClick={onAgain}>
              {t("ask-again")}
            </button>
          </p>
        )}
      </div>
    </article>
  );
}

function Talk({ twin, begun }: { twin: string; begun: Begun }) {
  const [lines, setLines] = useState(begun.lines);
  const [conversation, setConversation] = useState(begun.conversation);
  const [running, setRunning] = useState(begun.running);
  const [text, setText] = useState("");
  const live = running === null ? undefined : state.value.turns[running];
  const add = (line: Line) => setLines((before) => [...before, line]);

  const [ask, isBusy, refusal] = useAction(async (message: string) => {
    const answer = await call<{ conversation_id: string; turn_id: number }>(
      "POST",
      `${AEON}/chat?wait=0`,
      { message, ...(conversation ? { conversation_id: conversation } : {}) },
    );
    add({ isTwin: false, text: message, at: new Date().toISOString(), end: null });
    setText("");
    setConversation(answer.conversation_id);
    setRunning(answer.turn_id);
  });
  const [stop, , unable] = useAction(() => call("POST", `${AEON}/turns/${running}/cancel`));

  // A turn may have ended while there was no connection.
  useEffect(() => {
    if (running === null || connection.value !== "up") return;
    const abort = new AbortController();
    get<Turn>(`${AEON}/turns/${running}`, abort.signal).then(
      (turn) => {
        if (abort.signal.aborted || RUNNING.has(turn.state)) return;
        setRunning(null);
        add({
          isTwin: true,
          text: turn.content ?? "",
          at: turn.finished_at ?? turn.created_at,
          end: turn.state === "posted" ? null : turn,
        });
      },
      () => {},
    );
    return () => abort.abort();
  }, [running, live?.state, connection.value]);

  const lastOwn = lines.findLast(({ isTwin }) => !isTwin);
  const isWaiting = isBusy || running !== null;
  return (
    <div class="card stack">
      <div role="log" aria-label={t("talk-with", { twin })}>
        {lines.map((line, index) => (
          <LineView
            key={index}
            line={line}
            twin={twin}
            onAgain={() => lastOwn && !isWaiting && ask(lastOwn.text)}
          />
        ))}
      </div>
      {running !== null && (
        <div class="msg twin first" aria-busy="true">
          <Ring name={twin} />
          <div>
            {live?.text && (
              <div class="said">
                <div class="body stream">{live.text}</div>
              </div>
            )}
            <p class="small muted row">
              <span class="pulse" /> <span role="status">{t("is-composing", { twin })}</span>
              <button type="button" class="link" onClick={() => stop()}>
                {t("stop")}
              </button>
            </p>
          </div>
        </div>
      )}
      <Wrong>{refusal.message ?? unable.message}</Wrong>
      <Form class="row" onSend={() => text.trim() && !isWaiting && ask(text.trim())}>
        <input
          class="input"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          placeholder={t("ask-twin", { twin })}
          aria-label={t("ask-twin", { twin })}
        />
        <button class="btn twin icon" aria-label={t("send")} aria-disabled={isWaiting}>
          <Icon name="ArrowUp" />
        </button>
      </Form>
    </div>
  );
}

export function Chat({ twin }: { twin: string }) {
  const begun = useLoaded(load, []);
  return (
    <section class="stack">
      <div class="row">
        <h2 class="grow">{t("talk-with", { twin })}</h2>
        <Audience reach={0}>{t("visibility-private")}</Audience>
      </div>
      <Show of={begun}>{(known) => <Talk twin={twin} begun={known} />}</Show>
    </section>
  );
}
