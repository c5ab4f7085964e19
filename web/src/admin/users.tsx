/** The accounts, those that wait first, and an administrator's actions on one. */
import { useState } from "preact/hooks";

import { API, USERS, call, get, query } from "../api";
import { date, full, nameOf } from "../format";
import type { User } from "../model";
import { useSearchBox } from "../parts/find";
import { Choice, Switch } from "../parts/choice";
import { Link } from "../parts/link";
import { Disc, Icon } from "../parts/marks";
import { Empty, Field, Form, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { me } from "../store/store";
import { t } from "../text";

const ADMIN = `${API}/admin`;
const DAY = 24 * 3600e3;

interface Suspension {
  id: number;
  username: string;
  suspended_at: string;
  suspended_until: string | null;
  reason: string;
}

function Pending() {
  const waiting = useLoaded(
    (signal) => get<User[]>(`${ADMIN}/users?state=pending&limit=100`, signal),
    [],
  );
  const [decide, isBusy, refusal] = useAction(async (id: number, what: "approve" | "reject") => {
    await call("POST", `${ADMIN}/users/${id}/${what}`);
    waiting.again();
  });
  if (!waiting.value?.length) return null;
  return (
    <section class="card stack s">
      <h2>{t("accounts-waiting")}</h2>
      <ul class="list">
        {waiting.value.map((user) => (
          <li key={user.id} class="person">
            <Disc id={user.id} name={nameOf(user)} size="s" />
            <div>
              <bdi>{nameOf(user)}</bdi>{" "}
              <span class="small muted">
                @{user.username} · {user.email} · {date(user.created_at)}
              </span>
            </div>
            <span class="row">
              <button
                type="button"
                class="btn go s"
                aria-disabled={isBusy}
                onClick={() => decide(user.id, "approve")}
              >
                {t("let-in")}
              </button>
              <button
                type="button"
                class="btn s"
                aria-disabled={isBusy}
                onClick={() => decide(user.id, "reject")}
              >
                {t("turn-away")}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

const SPANS = [
  ["1", "for-a-day"],
  ["7", "for-a-week"],
  ["30", "for-a-month"],
  ["", "until-ended"],
] as const;

function Suspend({ user, onDone }: { user: User; onDone: () => void }) {
  const [days, setDays] = useState<string>("7");
  const [withContent, setWithContent] = useState(false);
  const [run, isBusy, refusal] = useAction(async ({ reason }: Record<string, string>) => {
    await call("POST", `${ADMIN}/users/${user.id}/suspend`, {
      reason,
      remove_content: withContent,
      ...(days ? { until: new Date(Date.now() + Number(days) * DAY).toISOString() } : {}),
    });
    onDone();
  });
  return (
    <Form class="stack s" onSend={run}>
      <h3>{t("suspend")}</h3>
      <p class="small muted">{t("suspend-text")}</p>
      <Field
        label={t("reason")}
        name="reason"
        maxLength={1000}
        wrong={refusal.of("reason")}
        required
      />
      <Choice
        label={t("how-long")}
        value={days}
        onChoose={setDays}
        options={SPANS.map(([value, text]) => [value, t(text)] as const)}
      />
      <div class="row">
        <Switch label={t("remove-content")} on={withContent} onChange={setWithContent} />
        <span class="small">{t("remove-content")}</span>
      </div>
      <Wrong>{refusal.message}</Wrong>
      <div>
        <button class="btn bad s" aria-disabled={isBusy}>
          {t("suspend")}
        </button>
      </div>
    </Form>
  );
}

/** What can be done with an account. `onChange` gets the account as it is then. */
function Actions({
  user,
  onChange,
  onSuspended,
}: {
  user: User;
  onChange: (user: User) => void;
  onSuspended: () => void;
}) {
  const [code, setCode] = useState<{ code: string; expires_at: string } | null>(null);
  const [isEnded, setEnded] = useState(false);
  const [change, isBusy, refusal] = useAction(async (part: Partial<User>) =>
    onChange(await call<User>("PATCH", `${USERS}/${user.id}`, part)),
  );
  const [makeCode, , noCode] = useAction(async () =>
    setCode(await call("POST", `${ADMIN}/users/${user.id}/password-code`)),
  );
  const [endSessions, , notEnded] = useAction(async () => {
    await call("DELETE", `${ADMIN}/users/${user.id}/sessions`);
    setEnded(true);
  });
  return (
    <div class="stack across">
      {me.value?.role === "owner" && (
        <Choice
          label={t("role")}
          value={user.role}
          onChoose={(role) => change({ role })}
          options={[
            ["user", t("role-user")],
            ["admin", t("role-admin")],
            ["owner", t("role-owner")],
          ]}
        />
      )}
      <div class="row wrap">
        <button
          type="button"
          class="btn s"
          aria-disabled={isBusy}
          onClick={() => change({ is_active: !user.is_active })}
        >
          {t(user.is_active ? "disable" : "enable")}
        </button>
        <button type="button" class="btn s" onClick={() => endSessions()}>
          {t("end-logins")}
        </button>
        <button type="button" class="btn s" onClick={() => makeCode()}>
          {t("make-password-code")}
        </button>
      </div>
      {isEnded && (
        <p class="small" role="status">
          {t("logins-ended")}
        </p>
      )}
      {code && (
        <p class="small" role="status">
          {t("password-code", { until: full(code.expires_at) })} <code>{code.code}</code>
        </p>
      )}
      <Wrong>{refusal.message ?? noCode.message ?? notEnded.message}</Wrong>
      <Suspend user={user} onDone={onSuspended} />
    </div>
  );
}

function UserRow(props: { user: User; onChange: (user: User) => void; onSuspended: () => void }) {
  const { user } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <li class="person">
      <Disc id={user.id} name={nameOf(user)} size="s" />
      <div>
        <Link href={`/people/${user.id}`}>
          <bdi>{nameOf(user)}</bdi>
        </Link>{" "}
        <span class={user.role === "owner" ? "chip on" : "chip"}>{t(`role-${user.role}`)}</span>{" "}
        {!user.is_active && <span class="chip bad">{t("is-disabled")}</span>}
        <br />
        <span class="small muted">
          @{user.username} · {t("since", { date: date(user.created_at) })}
        </span>
      </div>
      {user.id !== me.value?.id && (
        <button
          type="button"
          class="btn quiet icon s"
          aria-expanded={isOpen}
          aria-label={t("actions-for", { person: nameOf(user) })}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="Ellipsis" />
        </button>
      )}
      {isOpen && <Actions {...props} />}
    </li>
  );
}

function Suspended({ times }: { times: number }) {
  const list = useLoaded(
    (signal) => get<Suspension[]>(`${ADMIN}/suspensions?limit=100`, signal),
    [times],
  );
  const [end, isBusy, refusal] = useAction(async (id: number) => {
    await call("DELETE", `${ADMIN}/users/${id}/suspend`);
    list.again();
  });
  if (!list.value?.length) return null;
  return (
    <section class="card stack s">
      <h2>{t("suspended-people")}</h2>
      <ul class="list">
        {list.value.map(({ id, username, suspended_until, reason }) => (
          <li key={id} class="person">
            <Disc id={id} name={username} size="s" />
            <div>
              <bdi>{username}</bdi>{" "}
              <span class="small muted">
                {suspended_until ? t("until", { time: full(suspended_until) }) : t("until-ended")} ·{" "}
                {reason}
              </span>
            </div>
            <button type="button" class="btn s" aria-disabled={isBusy} onClick={() => end(id)}>
              {t("end-suspension")}
            </button>
          </li>
        ))}
      </ul>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

export function Users() {
  const [searchBox, text] = useSearchBox(t("find-somebody"));
  const [times, setTimes] = useState(0);
  const users = usePages<User>(`${USERS}${query({ q: text, limit: 50 })}`);
  const replace = (user: User) =>
    users.set((users.value ?? []).map((other) => (other.id === user.id ? user : other)));
  return (
    <>
      <Pending />
      <Suspended times={times} />
      {searchBox}
      <Show of={users} lines={8}>
        {(list) =>
          list.length === 0 ? (
            <Empty title={t("nothing-found", { text })} />
          ) : (
            <>
              <ul class="list">
                {list.map((user) => (
                  <UserRow
                    key={user.id}
                    user={user}
                    onChange={replace}
                    onSuspended={() => setTimes(times + 1)}
                  />
                ))}
              </ul>
              <More of={users} />
            </>
          )
        }
      </Show>
    </>
  );
}
