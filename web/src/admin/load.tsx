/** The load of the realm in the last day, by the hour, and what was not healthy in it. */
import { API, get } from "../api";
import { clock, decimal, full } from "../format";
import { Bars } from "../parts/bars";
import { Show, useLoaded } from "../parts/ui";
import { t } from "../text";
import { type Minute, byHour } from "./hours";

const LATEST = 5;

export function Load() {
  const minutes = useLoaded((signal) => get<Minute[]>(`${API}/admin/minutes`, signal), []);
  return (
    <Show of={minutes} lines={3}>
      {(list) => {
        const hours = byHour(list);
        const now = list.at(-1);
        const bad = list.filter(({ reasons }) => reasons.length > 0).slice(-LATEST);
        if (!now) return null;
        return (
          <section class="stack s">
            <Bars
              title={t("last-day")}
              unit={t("hour")}
              labels={hours.map(({ at }) => clock(at))}
              series={[
                { name: t("requests"), class: "", values: hours.map((hour) => hour.requests) },
                { name: t("messages"), class: "b2", values: hours.map((hour) => hour.messages) },
                { name: t("refused"), class: "b3", values: hours.map((hour) => hour.refused) },
              ]}
            />
            <p class="small muted">
              {t("last-minute", { load: decimal(now.load, 2), mean: decimal(now.mean_ms, 1) })}
            </p>
            {bad.map(({ at, reasons }) => (
              <p key={at} class="small">
                {full(at)}: {reasons.join(" ")}
              </p>
            ))}
          </section>
        );
      }}
    </Show>
  );
}
