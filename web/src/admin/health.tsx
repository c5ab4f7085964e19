/** Whether each part of the realm works, measured by its own work. It is asked again while it is seen. */
import { useEffect, useState } from "preact/hooks";

import { API, ApiError, get } from "../api";
import { bytes, clock } from "../format";
import { Failed, Waiting } from "../parts/ui";
import { t } from "../text";
import { Load } from "./load";

interface Part {
  status: "up" | "down";
  reason: string | null;
  [figure: string]: unknown;
}
interface Health {
  status: "healthy" | "degraded" | "unhealthy";
  reasons?: string[];
  version: string;
  components: Record<string, Part>;
}

const EVERY = 10_000; // milliseconds; the realm measures no more often
const LAMPS = { healthy: "", degraded: "warn", unhealthy: "bad" };

/** The answer says how the realm is, also as a 503. */
function useHealth() {
  const [health, setHealth] = useState<{ now: Health; at: string } | null>(null);
  const [error, setError] = useState<unknown>();
  const load = () =>
    get<Health>(`${API}/health/detailed`).then(
      (now) => {
        setHealth({ now, at: new Date().toISOString() });
        setError(undefined);
      },
      (why: unknown) => setError(why),
    );
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && void load(), EVERY);
    return () => clearInterval(timer);
  }, []);
  return { health, error, load };
}

const number = (value: unknown) => (typeof value === "number" ? value : null);
const milliseconds = (value: unknown) => {
  const ms = number(value);
  return ms === null ? "–" : t("milliseconds", { count: Number(ms.toFixed(2)) });
};

/** What stands beside the name of a part: a sentence and a figure. */
const FIGURES: Record<string, (part: Part) => [text: string, figure: string]> = {
  database: ({ wal_bytes, latency_ms }) => [
    t("database-text", { size: bytes(number(wal_bytes) ?? 0) }),
    milliseconds(latency_ms),
  ],
  writes: ({ seconds_since_success }) => [
    t("writes-text"),
    t("seconds", { count: Math.round(number(seconds_since_success) ?? 0) }),
  ],
  disk: ({ free_bytes }) => [t("disk-text"), bytes(number(free_bytes) ?? 0)],
  maintenance: ({ leader, seconds_since_checkpoint }) => [
    t("maintenance-text", { program: String(leader ?? "–") }),
    t("seconds", { count: Math.round(number(seconds_since_checkpoint) ?? 0) }),
  ],
  bridge: ({ connections, rooms, latency_ms }) => [
    t("bridge-text", { connections: number(connections) ?? 0, rooms: number(rooms) ?? 0 }),
    milliseconds(latency_ms),
  ],
  twins: ({ running }) => [t("twins-text"), String(number(running) ?? 0)],
  stores: ({ behind }) => [t("stores-text"), String(number(behind) ?? 0)],
  programs: () => [t("programs-text"), ""],
};
const NAMES: Record<string, string> = {
  database: "part-database",
  writes: "part-writes",
  disk: "part-disk",
  maintenance: "part-maintenance",
  bridge: "part-bridge",
  twins: "part-twins",
  stores: "part-stores",
  programs: "part-programs",
};

function PartRow({ name, part }: { name: string; part: Part }) {
  const [text, figure] = FIGURES[name]?.(part) ?? ["", ""];
  const isDown = part.status === "down";
  return (
    <li class="part">
      <span class={`lamp ${isDown ? "bad" : ""}`} aria-hidden="true" />
      <div>
        <b>{NAMES[name] ? t(NAMES[name]) : name}</b>{" "}
        <span class={isDown ? "state bad" : "sr"}>{t(isDown ? "is-down" : "is-up")}</span>
        <br />
        <span class="small muted">{part.reason ?? text}</span>
      </div>
      <span class="num small">{isDown ? "–" : figure}</span>
    </li>
  );
}

const Figure = ({ value, text }: { value: string; text: string }) => (
  <div class="card">
    <div class="big">{value}</div>
    <p class="small muted">{text}</p>
  </div>
);

export function HealthReport() {
  const { health, error, load } = useHealth();
  const isGone = error instanceof ApiError;
  if (!health) return isGone ? <Failed error={error} again={load} /> : <Waiting lines={8} />;
  const { now, at } = health;
  const { bridge, database, disk } = now.components;
  return (
    <>
      {isGone && <Failed error={error} again={load} />}
      <div class="card row wrap">
        <span class={`lamp ${LAMPS[now.status]}`} aria-hidden="true" />
        <div class="grow">
          <b role="status">{t(`realm-${now.status}`)}</b>
          {now.reasons?.map((reason) => (
            <p key={reason} class="small muted">
              {reason}
            </p>
          ))}
        </div>
        <span class="small faint num">
          {t("checked-at", { time: clock(at) })} · {now.version}
        </span>
        <button type="button" class="btn s" onClick={() => void load()}>
          {t("check-now")}
        </button>
      </div>
      <div class="grid4">
        <Figure value={String(number(bridge?.["connections"]) ?? 0)} text={t("connected-now")} />
        <Figure value={String(number(bridge?.["rooms"]) ?? 0)} text={t("rooms-in-use")} />
        <Figure value={milliseconds(database?.["latency_ms"])} text={t("one-read")} />
        <Figure value={bytes(number(disk?.["free_bytes"]) ?? 0)} text={t("free-on-disk")} />
      </div>
      <Load />
      <section>
        <h2>{t("parts")}</h2>
        <ul>
          {Object.entries(now.components).map(([name, part]) => (
            <PartRow key={name} name={name} part={part} />
          ))}
        </ul>
      </section>
    </>
  );
}
