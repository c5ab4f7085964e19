/** The user's twin now: drafts that wait for a yes, a talk with it, and how it may answer. */
import { useEffect, useState } from "preact/hooks";

import { AEON, call, get } from "../api";
import { nameOf, when } from "../format";
import { Markdown } from "../markdown";
import type { Turn } from "../model";
import { ChoiceField } from "../parts/choice";
import { HeldBack } from "../parts/held-back";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, Ring } from "../parts/marks";
import { TwinPage } from "../parts/twin-page";
import { Empty, Field, Form, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { Sources } from "../parts/why";
import { me, state } from "../store/store";
import { t } from "../text";
import { Chat } from "./chat";
import { Memories } from "./memories";
import { Rules, type Twin, changeTwin } from "./twin-rules";

interface Status {
  replies_today: number;
  max_replies_per_day: number;
  tokens_today: number;
  max_tokens_per_day: number;
  memories: number;
}

/** The page with the words that the turn answers. */
function pageOfCause({ cause_kind, cause_id, room_id }: Turn): string | null {
  if (cause_kind === "message" && room_id) return `/rooms/${room_id}?at=${cause_id}`;
  return cause_kind === "interaction" ? `/letters/${cause_id}` : null;
}

function Draft({ turn, twin, onDone }: { turn: Turn; twin: string; onDone: () => void }) {
  const [text, setText] = useState<string | null>(null);
  const [isWhy, setWhy] = useState(false);
  const [decide, isBusy, refusal] = useAction(async (isSaid: boolean) => {
    const body = isSaid ? (text === null ? {} : { content: text }) : undefined;
    await call("POST", `${AEON}/drafts/${turn.id}/${isSaid ? "approve" : "reject"}`, body);
    onDone();
  });
  const room = turn.room_id ? state.value.rooms[turn.room_id] : undefined;
  const reach = room ? (room.is_public ? 2 : 1) : 1;
  const page = pageOfCause(turn);
  const asker = turn.question?.twin;
  const person = asker ? `${asker.name}, ${t("twin-of", { person: turn.asker_name })},` : turn.asker_name;
  const asked = room ? t("asked-in", { person, room: room.name }) : t("asked", { person });
  const owner = { id: turn.asker_id, name: turn.asker_name };
  return (
    <article class="draft stack s" aria-label={t("draft-for", { person: turn.asker_name })}>
      <div class="row wrap small muted">
        {asker ? <Ring name={asker.name} owner={owner} size="s" /> : <Disc {...owner} size="s" />}
        <span class="grow">
          {page ? <Link href={page}>{asked}</Link> : asked}, {when(turn.created_at)}
        </span>
        <Audience reach={reach}>
          {room
            ? t("will-read", { count: room.current_participants })
            : t("only-asker", { person: turn.asker_name })}
        </Audience>
      </div>
      {turn.question && (
        <p class={asker ? "lines twin-voice" : "lines"}>{turn.question.content}</p>
      )}
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
        <button
          type="button"
          class="btn quiet s"
          aria-expanded={isWhy}
          onClick={() => setWhy(!isWhy)}
        >
          {t("from-sources", { count: turn.sources?.length ?? 0 })}
        </button>
      </div>
      {isWhy && (
        <div class="why">
          <Sources sources={turn.sources ?? []} />
          <HeldBack turn_id={turn.id} />
        </div>
      )}
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
      <div class="row">
        <h2 class="grow">{t("waiting-for-yes")}</h2>
        {state.value.drafts > 0 && (
          <span class="small muted">{t("drafts", { count: state.value.drafts })}</span>
        )}
      </div>
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

function Character({ twin, onChange }: { twin: Twin; onChange: (twin: Twin) => void }) {
  const user = me.value!;
  const [isChanging, setChanging] = useState(false);
  const [change, isBusy, refusal] = useAction(async (part: Partial<Twin>) => {
    onChange(await changeTwin(part));
    setChanging(false);
  });
  return (
    <section class="card stack">
      <div class="row">
        <Ring name={twin.name} owner={{ id: user.id, name: nameOf(user) }} />
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
      <ChoiceField
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
      <ChoiceField
        class="twin"
        label={t("answers-to")}
        value={twin.answers_to}
        onChoose={(answers_to) => change({ answers_to })}
        options={[
          ["nobody", t("nobody")],
          ["friends", t("friends")],
          ["everyone", t("everyone")],
        ]}
      />
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

export function TwinView() {
  const twin = useLoaded((signal) => get<Twin>(`${AEON}/twin`, signal), []);
  const status = useLoaded((signal) => get<Status>(`${AEON}/status`, signal), []);
  useEffect(() => status.again(), [state.value.drafts]);
  const onChange = (next: Twin) => {
    twin.set(next);
    status.again();
  };
  return (
    <TwinPage>
      <Show of={twin}>
        {(known) => (
          <div class="cols">
            <div class="stack l">
              <Drafts twin={known.name} />
              <Chat twin={known.name} />
            </div>
            <div class="stack l">
              <Character twin={known} onChange={onChange} />
              <Rules twin={known} onChange={onChange} />
              {status.value && <Today status={status.value} />}
              <Memories />
            </div>
          </div>
        )}
      </Show>
      {twin.error && !twin.value ? <Empty title={t("no-twin")} /> : null}
    </TwinPage>
  );
}
