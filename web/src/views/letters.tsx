/** Letters between twins, and between users and twins: all of them, and one thread. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { AEON, call, get } from "../api";
import { full, nameOf, when } from "../format";
import { Markdown } from "../markdown";
import type { Interaction } from "../model";
import { LETTERS, LONGEST_LETTER } from "../parts/ask-twin";
import { Choice } from "../parts/choice";
import { Confirm } from "../parts/dialog";
import { Link } from "../parts/link";
import { Audience, Disc, Icon, Ring } from "../parts/marks";
import { Report } from "../parts/report";
import { TwinPage } from "../parts/twin-page";
import { Empty, Form, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { Why } from "../parts/why";
import { me, state } from "../store/store";
import { t } from "../text";

/** Letters that answer each other, the oldest first. */
type Thread = Interaction[];

/** A letter whose parent was not loaded begins a thread. */
export function threadsOf(letters: Interaction[]): Thread[] {
  const byId = new Map(letters.map((letter) => [letter.id, letter]));
  const rootOf = (letter: Interaction): number => {
    const parent = letter.parent_id === null ? undefined : byId.get(letter.parent_id);
    return parent && parent.id < letter.id ? rootOf(parent) : letter.id;
  };
  const threads = new Map<number, Thread>();
  for (const letter of [...letters].sort((a, b) => a.id - b.id)) {
    const root = rootOf(letter);
    threads.set(root, [...(threads.get(root) ?? []), letter]);
  }
  const latest = (thread: Thread) => thread.at(-1)!.id;
  return [...threads.values()].sort((a, b) => latest(b) - latest(a));
}

interface Side {
  id: number;
  name: string;
}
const writer = (letter: Interaction): Side => ({
  id: letter.aeon_user_id,
  name: letter.aeon_name,
});
const reader = (letter: Interaction): Side => ({
  id: letter.target_aeon_user_id,
  name: letter.target_aeon_name,
});
/** The other side of a letter; of letters between others, the receiver. */
const otherOf = (letter: Interaction): Side =>
  letter.target_aeon_user_id === me.value?.id ? writer(letter) : reader(letter);

const firstLine = (text: string) => text.split("\n")[0]!;
const personName = ({ id, name }: Side) => (id === me.value?.id ? t("you-object") : name);

// --- one thread --------------------------------------------------------------------------------------------

function Word({
  letter,
  isAnswer,
  onWhy,
}: {
  letter: Interaction;
  isAnswer: boolean;
  onWhy: () => void;
}) {
  const side = isAnswer ? reader(letter) : writer(letter);
  const isTwin = (isAnswer ? letter.responded_by : letter.asked_by) === "twin";
  const at = (isAnswer ? letter.response_at : letter.created_at) ?? letter.created_at;
  // The letter names one twin: the one that answered, else the one that asked.
  const isNamed = isTwin && letter.twin && isAnswer === (letter.responded_by === "twin");
  const name = isNamed ? letter.twin!.name : side.name;
  const person = personName(side);
  const label = isTwin
    ? t("twin-label", { twin: name, person, time: full(at) })
    : t("person-label", { person, time: full(at) });
  const body = (
    <div class={`body ${isTwin ? "twin-voice" : ""}`}>
      <Markdown text={(isAnswer ? letter.response_content : letter.content) ?? ""} />
    </div>
  );
  return (
    <article class="turn" aria-label={label}>
      {isTwin ? <Ring name={name} owner={side} /> : <Disc {...side} />}
      <div>
        <div class="row wrap small">
          <b class={isTwin ? "twin-voice" : ""}>
            <bdi>{name}</bdi>
          </b>
          <span class={isTwin ? "chip twin" : "chip"}>
            {isTwin ? t("twin-of", { person }) : t("a-person")}
          </span>
          <time class="faint" dateTime={at}>
            {when(at)}
          </time>
        </div>
        {isTwin ? (
          <div class="msg twin">
            <div class="said">{body}</div>
          </div>
        ) : (
          body
        )}
        {isNamed && (
          <div class="prov">
            {letter.approved_by !== null && (
              <span>
                <Icon name="Check" /> {t("approved", { person })}
              </span>
            )}
            <button type="button" onClick={onWhy}>
              {t("why")}
            </button>
          </div>
        )}
      </div>
    </article>
  );
}

function Answer({ thread, onSent }: { thread: Thread; onSent: () => void }) {
  const last = thread.at(-1)!;
  const user = me.value!;
  const isMine = last.aeon_user_id === user.id || last.target_aeon_user_id === user.id;
  const isAsked = last.target_aeon_user_id === user.id && last.response_content === null;
  const [run, isBusy, refusal] = useAction(async ({ content }: Record<string, string>) => {
    if (isAsked) await call("POST", `${LETTERS}/${last.id}/respond`, { response_content: content });
    else
      await call("POST", LETTERS, {
        target_aeon_user_id: otherOf(last).id,
        interaction_type: last.interaction_type,
        content,
        is_public: last.is_public,
        parent_id: last.id,
      });
    onSent();
  });
  if (!isMine) return null;
  return (
    <Form class="card stack s" key={`${last.id} ${last.response_at}`} onSend={run}>
      <div class="row">
        <Disc id={user.id} name={nameOf(user)} size="s" />
        <input
          class="input"
          name="content"
          maxLength={LONGEST_LETTER}
          autoComplete="off"
          placeholder={t("say-yourself")}
          aria-label={t("say-yourself")}
          required
        />
        <button class="btn go" aria-disabled={isBusy}>
          {t("send")}
        </button>
      </div>
      <Wrong>{refusal.of("content") ?? refusal.of("response_content") ?? refusal.message}</Wrong>
    </Form>
  );
}

function ThreadView({ thread, onChange }: { thread: Thread; onChange: () => void }) {
  const [, navigate] = useLocation();
  const [why, setWhy] = useState<Interaction | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [first, last] = [thread[0]!, thread.at(-1)!];
  const isMine = first.aeon_user_id === me.value?.id || first.target_aeon_user_id === me.value?.id;
  return (
    <div class="stack l">
      <div class="stack s">
        <div class="row wrap">
          <span class="chip line">{first.interaction_type.replaceAll("_", " ")}</span>
          <Audience reach={first.is_public ? 2 : 1}>
            {first.is_public
              ? t("visibility-public")
              : t("both-read", { one: first.aeon_name, other: first.target_aeon_name })}
          </Audience>
          <span class="grow" />
          <Report kind="interaction" id={first.id} />
          {isMine && (
            <button type="button" class="btn quiet s" onClick={() => setAsking(true)}>
              <Icon name="Trash2" /> {t("delete")}
            </button>
          )}
        </div>
        <h2>{firstLine(first.content)}</h2>
      </div>
      <div class="thread" role="log" aria-label={t("letters")}>
        {thread.flatMap((letter) => {
          const show = () => setWhy(letter);
          return [
            <Word key={letter.id} letter={letter} isAnswer={false} onWhy={show} />,
            letter.response_content !== null && (
              <Word key={`${letter.id} answer`} letter={letter} isAnswer onWhy={show} />
            ),
          ];
        })}
        {last.response_content === null && (
          <p class="small muted">{t("waits-for", { person: last.target_aeon_name })}</p>
        )}
      </div>
      <Answer thread={thread} onSent={onChange} />
      {why && (
        <Why cites={why.cites} isApproved={why.approved_by !== null} onClose={() => setWhy(null)} />
      )}
      {isAsking && (
        <Confirm
          title={t("delete-letter")}
          text={t("delete-letter-text")}
          button={t("delete")}
          keep={t("keep-it")}
          onDo={async () => {
            for (const { id } of [...thread].reverse()) await call("DELETE", `${LETTERS}/${id}`);
            onChange();
            navigate("/letters");
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

// --- all of them ---------------------------------------------------------------------------------------------

const ThreadLink = ({ thread, isHere }: { thread: Thread; isHere: boolean }) => {
  const [first, last] = [thread[0]!, thread.at(-1)!];
  const other = otherOf(first);
  const isTwin = last.responded_by === "twin" || last.asked_by === "twin";
  return (
    <Link
      class="person pick"
      href={`/letters/${first.id}`}
      aria-current={isHere ? "true" : undefined}
    >
      {isTwin ? <Ring name={other.name} size="s" /> : <Disc {...other} size="s" />}
      <span class="grow">
        <span class="clip">{firstLine(first.content)}</span>
        <span class="small muted">{t("with-person", { person: other.name })}</span>
      </span>
      <span class="xs faint">{when(last.response_at ?? last.created_at)}</span>
    </Link>
  );
};

/** A link to the twin's page, which has the settings of its answers. */
function MayDo() {
  const twin = useLoaded(
    (signal) => get<{ autopilot: string; answers_to: string }>(`${AEON}/twin`, signal),
    [],
  );
  const AUTOPILOT: Record<string, string> = { off: "never", draft: "as-drafts", on: "by-itself" };
  return (
    <section class="card stack s">
      <h2>{t("what-twin-may")}</h2>
      <Show of={twin} lines={2}>
        {({ autopilot, answers_to }) => (
          <dl class="kv small">
            <dt>{t("may-answer")}</dt>
            <dd>{t(AUTOPILOT[autopilot] ?? "never")}</dd>
            <dt>{t("answers-to")}</dt>
            <dd>{t(answers_to)}</dd>
          </dl>
        )}
      </Show>
      <Link class="small" href="/twin">
        {t("change")}
      </Link>
    </section>
  );
}

type Scope = "mine" | "public";

export function LettersView({ id }: { id?: number }) {
  const [scope, setScope] = useState<Scope>("mine");
  const letters = usePages<Interaction>(`${LETTERS}?scope=${scope}&limit=100`);
  const one = useLoaded(
    async (signal) => (id === undefined ? null : get<Interaction>(`${LETTERS}/${id}`, signal)),
    [id, state.value.letters],
  );
  useEffect(() => letters.again(), [state.value.letters]);
  const threads = useMemo(() => threadsOf(letters.value ?? []), [letters.value]);
  const shown =
    id === undefined
      ? threads[0]
      : (threads.find((thread) => thread.some((letter) => letter.id === id)) ??
        (one.value ? [one.value] : undefined));
  const onChange = () => {
    letters.again();
    one.again();
  };
  return (
    <TwinPage>
      <div class="cols">
        <div>
          <Show of={letters} lines={8}>
            {() =>
              shown ? (
                <ThreadView key={shown[0]!.id} thread={shown} onChange={onChange} />
              ) : id !== undefined && one.value === undefined && !one.error ? null : (
                <Empty title={t(id === undefined ? "no-letters" : "no-letter")}>
                  <p>{t("no-letters-text")}</p>
                  <Link class="btn" href="/people">
                    {t("people")}
                  </Link>
                </Empty>
              )
            }
          </Show>
        </div>
        <div class="stack l">
          <section class="card stack s">
            <h2>{t("all-letters")}</h2>
            <Choice<Scope>
              label={t("which-letters")}
              value={scope}
              onChoose={setScope}
              options={[
                ["mine", t("mine")],
                ["public", t("public-letters")],
              ]}
            />
            <nav aria-label={t("all-letters")}>
              {threads.map((thread) => (
                <ThreadLink
                  key={thread[0]!.id}
                  thread={thread}
                  isHere={thread[0]!.id === shown?.[0]?.id}
                />
              ))}
            </nav>
            <More of={letters} />
          </section>
          <MayDo />
        </div>
      </div>
    </TwinPage>
  );
}
