/** Before signing in: sign in, register, the second factor, a new password. */
import { useState } from "preact/hooks";
import { useLocation, useRoute } from "wouter-preact";

import { USERS, call, joinByInvite, realmInfo, session } from "../api";
import { Art, Icon, Mark } from "../parts/marks";
import { CurrentPassword, NewPassword } from "../parts/password";
import { Field, Form, Wrong, useAction, useLoaded } from "../parts/ui";
import { begin, endedElsewhere } from "../store/store";
import { t } from "../text";

const signIn = async (username: string, password: string, totp?: string) => {
  await session.begin(username, password, totp);
  await begin();
};

function SignIn({
  onRegister,
  onReset,
}: {
  onRegister: (() => void) | null;
  onReset: () => void;
}) {
  const [run, isBusy, refusal] = useAction(({ username, password, totp }: Record<string, string>) =>
    signIn(username!, password!, totp),
  );
  const [isSecond, setSecond] = useState(false);
  if (refusal.code === "totp_required" && !isSecond) setSecond(true);
  return (
    <Form onSend={run}>
      <h2>{t("sign-in")}</h2>
      {endedElsewhere.value && (
        <p class="chip warn wrapping" role="status">
          {t("ended-elsewhere")}
        </p>
      )}
      <Field
        label={t("name-or-email")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        required
      />
      <CurrentPassword />
      {isSecond && (
        <Field
          label={t("totp")}
          hint={t("totp-hint")}
          name="totp"
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
        />
      )}
      <Wrong>
        {refusal.code === "totp_required"
          ? null
          : refusal.code === "login_failed"
            ? t("wrong-password")
            : refusal.message}
      </Wrong>
      <button class="btn go" aria-disabled={isBusy}>
        {t("sign-in")}
      </button>
      <button type="button" class="link" onClick={onReset}>
        {t("forgot-password")}
      </button>
      {onRegister && (
        <>
          <hr class="rule" />
          <p class="muted">
            {t("new-here")}{" "}
            <button type="button" class="link" onClick={onRegister}>
              {t("make-account")}
            </button>
          </p>
        </>
      )}
    </Form>
  );
}

/** A new password by a code, which comes by mail or from an administrator. */
function Reset({ sendsMail, onBack }: { sendsMail: boolean; onBack: () => void }) {
  const [isSent, setSent] = useState(false);
  const [isDone, setDone] = useState(false);
  const [ask, isAsking, unasked] = useAction(async ({ email }: Record<string, string>) => {
    await call("POST", `${USERS}/password/forgotten`, { email });
    setSent(true);
  });
  const [run, isBusy, refusal] = useAction(async ({ code, password }: Record<string, string>) => {
    await call("POST", `${USERS}/password/reset`, { code, password });
    setDone(true);
  });
  const title = <h2>{t("new-password")}</h2>;
  const back = (
    <button type="button" class="link" onClick={onBack}>
      {t("sign-in")}
    </button>
  );
  if (isDone)
    return (
      <div class="stack" role="status">
        {title}
        <p>{t("password-is-set")}</p>
        {back}
      </div>
    );
  return (
    <div class="stack">
      {sendsMail && (
        <Form onSend={ask}>
          {title}
          <Field
            label={t("email")}
            name="email"
            type="email"
            autoComplete="email"
            wrong={unasked.of("email")}
            required
          />
          <Wrong>{unasked.message}</Wrong>
          <button class="btn" aria-disabled={isAsking}>
            {t("send-code")}
          </button>
          {isSent && <p role="status">{t("code-is-sent")}</p>}
        </Form>
      )}
      <Form onSend={run}>
        {!sendsMail && title}
        <Field
          label={t("code")}
          hint={t(sendsMail ? "code-hint" : "code-hint-no-mail")}
          name="code"
          autoComplete="off"
          wrong={refusal.of("code")}
          required
        />
        <NewPassword refusal={refusal} />
        <Wrong>{refusal.message}</Wrong>
        <button class="btn go" aria-disabled={isBusy}>
          {t("set-password")}
        </button>
        {back}
      </Form>
    </div>
  );
}

function Register({
  mode,
  code,
  onBack,
  onRoom,
}: {
  mode: string;
  code: string | null;
  onBack: () => void;
  onRoom: (room_id: string) => void;
}) {
  const [isWaiting, setWaiting] = useState(false);
  const [hasCode, setHasCode] = useState(false);
  const [run, isBusy, refusal] = useAction(async (values: Record<string, string>) => {
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
    await call("POST", `${USERS}/register`, filled);
    try {
      await session.begin(values["username"]!, values["password"]!);
      if (code) await joinByInvite(code).then(onRoom, onBack); // the realm has let the user in
      await begin();
    } catch (error) {
      if ((error as { code?: string }).code !== "approval_pending") throw error;
      setWaiting(true);
    }
  });
  if (isWaiting)
    return (
      <div class="stack">
        <h2>{t("approval-title")}</h2>
        <p>{t("approval-text")}</p>
        <button class="btn" onClick={onBack}>
          {t("sign-in")}
        </button>
      </div>
    );
  const asksInvite =
    mode === "invite" ||
    code !== null ||
    refusal.code?.startsWith("invite") ||
    refusal.of("invite_code");
  return (
    <Form onSend={run}>
      <h2>{t("make-account")}</h2>
      <Field
        label={t("username")}
        hint={t("username-hint")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        wrong={refusal.of("username")}
        required
      />
      <Field
        label={t("full-name")}
        name="full_name"
        autoComplete="name"
        wrong={refusal.of("full_name")}
      />
      <Field
        label={t("email")}
        name="email"
        type="email"
        autoComplete="email"
        wrong={refusal.of("email")}
        required
      />
      <NewPassword refusal={refusal} />
      {asksInvite && (
        <Field
          label={t("invite-code")}
          name="invite_code"
          defaultValue={code ?? ""}
          wrong={refusal.of("invite_code")}
        />
      )}
      {hasCode ? (
        <Field
          label={t("setup-code")}
          hint={t("setup-code-hint")}
          name="setup_code"
          wrong={refusal.of("setup_code")}
          autoFocus
        />
      ) : (
        <p class="small muted">
          {t("is-it-yours")}{" "}
          <button type="button" class="link" onClick={() => setHasCode(true)}>
            {t("have-setup-code")}
          </button>
        </p>
      )}
      {mode === "approval" && <p class="small muted">{t("approval-hint")}</p>}
      <Wrong>{refusal.message}</Wrong>
      <button class="btn go" aria-disabled={isBusy}>
        {t("make-account")}
      </button>
      <hr class="rule" />
      <p class="muted">
        {t("have-account")}{" "}
        <button type="button" class="link" onClick={onBack}>
          {t("sign-in")}
        </button>
      </p>
    </Form>
  );
}

export function Gate() {
  const info = useLoaded(realmInfo, []);
  const [, join] = useRoute("/join/:code");
  const [isRegister] = useRoute("/register");
  const [isReset] = useRoute("/reset");
  const [, navigate] = useLocation();
  const code = join?.code ?? null;
  const mode = info.value?.registration ?? "open";
  const canRegister = mode !== "closed" || code !== null || isRegister;
  const name = info.value?.name ?? t("realm");
  return (
    <div class="gate">
      <header class="say">
        <div class="row">
          <b class="row">
            <Mark /> {name}
          </b>
        </div>
        <div class="stack">
          <h1>{t("gate-title")}</h1>
          <p class="muted wide-only">{t("gate-text")}</p>
        </div>
        <Art />
        <p class="small faint wide-only">
          AEON Realm · <a href="/docs">{t("the-api")}</a>
        </p>
      </header>
      <main class="do" id="main">
        {isReset ? (
          <Reset sendsMail={Boolean(info.value?.sends_mail)} onBack={() => navigate("/")} />
        ) : isRegister || code !== null ? (
          <Register
            mode={mode}
            code={code}
            onBack={() => navigate("/")}
            onRoom={(room_id) => navigate(`/rooms/${room_id}`, { replace: true })}
          />
        ) : (
          <SignIn
            onRegister={canRegister ? () => navigate("/register") : null}
            onReset={() => navigate("/reset")}
          />
        )}
        {!canRegister && (
          <p class="small muted row">
            <Icon name="Lock" />
            {t("registration-closed")}
          </p>
        )}
      </main>
    </div>
  );
}
