/** The user's reports, and the administrators' decisions. */
import { API } from "../api";
import { when } from "../format";
import { t } from "../text";
import { More, usePages } from "./ui";

interface OwnReport {
  id: number;
  kind: string;
  reason: string;
  state: string;
  note: string | null;
  created_at: string;
}

const STATES: Record<string, string> = {
  open: "reports-open",
  taken: "reports-taken",
  done: "reports-done",
  rejected: "reports-rejected",
};

export function OwnReports() {
  const reports = usePages<OwnReport>(`${API}/reports?limit=20`);
  if (!reports.value?.length) return null;
  return (
    <section>
      <h2>{t("your-reports")}</h2>
      <ul class="list">
        {reports.value.map(({ id, kind, reason, state, note, created_at }) => (
          <li key={id} class="person">
            <span class="chip line">{t(`kind-${kind}`)}</span>
            <div>
              {reason}
              {note && <p class="small muted">{note}</p>}
            </div>
            <span class="small muted">
              {STATES[state] ? t(STATES[state]) : state} · {when(created_at)}
            </span>
          </li>
        ))}
      </ul>
      <More of={reports} />
    </section>
  );
}
