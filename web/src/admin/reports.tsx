/** The queue of reports, and the decisions of administrators. */
import { useState } from "preact/hooks";

import { API, call, query } from "../api";
import { full } from "../format";
import { Choice } from "../parts/choice";
import { Link } from "../parts/link";
import { Empty, Field, Form, More, Show, Wrong, useAction, usePages } from "../parts/ui";
import { apply } from "../store/store";
import { t } from "../text";
import { RemoveForm, removable } from "./removal";

type State = "open" | "taken" | "done" | "rejected";
interface Reported {
  id: number;
  kind: string;
  object: string;
  reason: string;
  state: State;
  note: string | null;
  created_at: string;
  reporter_id: number;
  reporter_name: string;
  author_id: number | null;
  author_name: string | null;
  assignee_name: string | null;
  excerpt: string | null;
  is_removed: boolean;
}

const STATES: readonly (readonly [State, string])[] = [
  ["open", "reports-open"],
  ["taken", "reports-taken"],
  ["done", "reports-done"],
  ["rejected", "reports-rejected"],
];

function ReportCard({ report, onChange }: { report: Reported; onChange: () => void }) {
  const [isRemoving, setRemoving] = useState(false);
  const [change, isBusy, refusal] = useAction(async (state: State, note?: string) => {
    await call("PATCH", `${API}/admin/reports/${report.id}`, { state, ...(note ? { note } : {}) });
    if (report.state === "open") apply("reports", -1);
    onChange();
  });
  const isDecided = report.state === "done" || report.state === "rejected";
  return (
    <li class="card stack s">
      <div class="row wrap small muted">
        <span class="chip line">{t(`kind-${report.kind}`)}</span>
        <span class="grow">
          {t("reported-by", { person: report.reporter_name, time: full(report.created_at) })}
        </span>
        {report.assignee_name && <span>{t("taken-by", { person: report.assignee_name })}</span>}
        {report.is_removed && <span class="chip bad">{t("is-removed")}</span>}
      </div>
      {report.excerpt && <blockquote class="excerpt">{report.excerpt}</blockquote>}
      <p>
        <b>{t("report-reason")}</b> {report.reason}
      </p>
      {report.author_id !== null && (
        <p class="small">
          {t("written-by")}{" "}
          <Link href={`/people/${report.author_id}`}>
            <bdi>{report.author_name}</bdi>
          </Link>
        </p>
      )}
      {report.note && <p class="small muted">{report.note}</p>}
      <Wrong>{refusal.of("note") ?? refusal.message}</Wrong>
      {isRemoving && (
        <RemoveForm
          kind={report.kind}
          id={report.object}
          onDone={() => {
            setRemoving(false);
            onChange();
          }}
        />
      )}
      {!isDecided && (
        <Form class="stack s" onSend={({ note }) => change("done", note)}>
          <Field label={t("outcome")} hint={t("outcome-hint")} name="note" maxLength={1000} />
          <div class="row wrap">
            <button class="btn go s" aria-disabled={isBusy}>
              {t("report-done")}
            </button>
            <button
              type="button"
              class="btn s"
              aria-disabled={isBusy}
              onClick={() => change("rejected")}
            >
              {t("report-rejected")}
            </button>
            {report.state === "open" && (
              <button
                type="button"
                class="btn s"
                aria-disabled={isBusy}
                onClick={() => change("taken")}
              >
                {t("report-take")}
              </button>
            )}
            {removable(report.kind) && !report.is_removed && (
              <button
                type="button"
                class="btn bad s"
                aria-expanded={isRemoving}
                onClick={() => setRemoving(!isRemoving)}
              >
                {t("remove-thing")}
              </button>
            )}
          </div>
        </Form>
      )}
    </li>
  );
}

export function Reports() {
  const [state, setState] = useState<State>("open");
  const reports = usePages<Reported>(`${API}/admin/reports${query({ state, limit: 50 })}`);
  return (
    <>
      <Choice<State>
        label={t("reports")}
        value={state}
        onChoose={setState}
        options={STATES.map(([name, text]) => [name, t(text)] as const)}
      />
      <Show of={reports} lines={8}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t("no-reports")} />
          ) : (
            <>
              <ul class="stack">
                {list.map((report) => (
                  <ReportCard key={report.id} report={report} onChange={reports.again} />
                ))}
              </ul>
              <More of={reports} />
            </>
          )
        }
      </Show>
    </>
  );
}
