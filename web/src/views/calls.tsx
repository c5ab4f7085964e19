/** The turns of the user's twin: each with its question, result, sources and cost. */
import { useState } from "preact/hooks";

import { AEON, query } from "../api";
import { full, when } from "../format";
import type { Turn } from "../model";
import { Choice } from "../parts/choice";
import { HeldBack } from "../parts/held-back";
import { Icon } from "../parts/marks";
import { TwinPage } from "../parts/twin-page";
import { Empty, More, Show, usePages } from "../parts/ui";
import { Sources } from "../parts/why";
import { state } from "../store/store";
import { t } from "../text";

/** Why there is no answer. A reason that is newer than this client is shown as it is. */
const REASONS: Record<string, string> = {
  suspended: "reason-suspended",
  off: "reason-off",
  blocked: "reason-blocked",
  not_in_room: "reason-not-in-room",
  answers_to: "reason-answers-to",
  away: "reason-away",
  quiet_hours: "reason-quiet-hours",
  day_limit: "reason-day-limit",
  person_limit: "reason-person-limit",
  chain_limit: "reason-chain-limit",
  budget: "reason-budget",
  quota: "reason-quota",
  cause_gone: "reason-cause-gone",
  nothing_new: "reason-nothing-new",
  owner_answered: "reason-owner-answered",
  interrupted: "reason-interrupted",
  cancelled: "reason-cancelled",
  rejected: "reason-rejected",
  failed: "reason-failed",
  model_failed: "reason-failed",
};

export function reasonText({ reason, state: ended }: Turn): string {
  const key = REASONS[reason ?? ""] ?? REASONS[ended];
  return key ? t(key) : (reason ?? t("no-answer-from-twin"));
}

const STATES: Record<string, string> = {
  queued: "turn-waits",
  running: "turn-runs",
  draft: "turn-draft",
  posted: "turn-said",
};
const CAUSES: Record<string, string> = {
  chat: "cause-chat",
  interaction: "cause-letter",
  response: "cause-letter",
  message: "cause-message",
  exchange: "cause-exchange",
  knowledge: "cause-knowledge",
};

function TurnRow({ turn }: { turn: Turn }) {
  const [isOpen, setOpen] = useState(false);
  const room = turn.room_id ? state.value.rooms[turn.room_id] : undefined;
  const what = t(CAUSES[turn.cause_kind] ?? "cause-message", {
    person: turn.asker_name,
    room: room?.name ?? t("room"),
  });
  const ended = STATES[turn.state] ? t(STATES[turn.state]!) : reasonText(turn);
  return (
    <li class="memory">
      <span>
        <b class="lines">{what}</b>
        <span class="small muted">
          {ended} · {when(turn.created_at)} · {t("cost", { count: turn.cost })}
        </span>
      </span>
      <button
        type="button"
        class="btn quiet icon s"
        aria-expanded={isOpen}
        aria-label={t("why")}
        title={t("why")}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={isOpen ? "ChevronUp" : "ChevronDown"} />
      </button>
      {isOpen && (
        <div class="why across stack s">
          {turn.content && <p class="twin-voice">{turn.content}</p>}
          {turn.sources?.length ? <Sources sources={turn.sources} /> : <p>{t("why-no-sources")}</p>}
          <HeldBack turn_id={turn.id} />
          <p class="small">
            {t("made-by", { engine: turn.model ?? turn.engine ?? "–" })} ·{" "}
            {t("tokens-used", { prompt: turn.prompt_tokens, reply: turn.reply_tokens })} ·{" "}
            {full(turn.created_at)}
            {turn.approved && ` · ${t("you-approved")}`}
          </p>
        </div>
      )}
    </li>
  );
}

type Which = "all" | "posted" | "refused" | "failed";

export function CallsView() {
  const [which, setWhich] = useState<Which>("all");
  const turns = usePages<Turn>(
    `${AEON}/turns${query({ state: which === "all" ? null : which, limit: 50 })}`,
  );
  return (
    <TwinPage class="narrow stack">
      <Choice
        class="twin"
        label={t("which-turns")}
        value={which}
        onChoose={setWhich}
        options={[
          ["all", t("all")],
          ["posted", t("turn-said")],
          ["refused", t("turn-refused")],
          ["failed", t("turn-failed")],
        ]}
      />
      <Show of={turns} lines={8}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t("no-turns")}>
              <p>{t("no-turns-text")}</p>
            </Empty>
          ) : (
            <>
              <ul>
                {items.map((turn) => (
                  <TurnRow key={turn.id} turn={turn} />
                ))}
              </ul>
              <More of={turns} />
            </>
          )
        }
      </Show>
    </TwinPage>
  );
}
