/** How the user signs in: address, password, second factor, devices; taking everything along, and leaving. */
import { useState } from "preact/hooks";

import { USERS, call, get } from "../api";
import { date, deviceOf } from "../format";
import type { Session, User } from "../model";
import { Setting } from "../parts/choice";
import { Copy } from "../parts/copy";
import { Dialog, FormDialog } from "../parts/dialog";
import { Icon } from "../parts/marks";
import { CurrentPassword, NewPassword } from "../parts/password";
import { Field, More, Show, Wrong, useAction, useLoaded, usePages } from "../parts/ui";
import { apply, signOut } from "../store/store";
import { t } from "../text";

type Values = Record<string, string>;

// --- address and password --------------------------------------------------------------------------------

function ChangeEmail({ user, onClose }: { user: User; onClose: () => void }) {
  const change = async ({ email, password }: Values) =>
    apply("me", await call("PATCH", `${USERS}/me`, { email, password }));
  return (
    <FormDialog title={t("change-email")} button={t("save")} onSend={change} onClose={onClose}>
      {(refusal) => (
        <>
          <Field
            label={t("email")}
            name="email"
            type="email"
            autoComplete="email"
            defaultValue={user.email ?? ""}
            wrong={refusal.of("email")}
            autoFocus
            required
          />
          <CurrentPassword refusal={refusal} />
        </>
      )}
    </FormDialog>
  );
}

const ChangePassword = ({ onClose }: { onClose: () => void }) => (
  <FormDialog
    title={t("change-password")}
    text={t("change-password-text")}
    button={t("set-password")}
    onSend={({ old_password, password }) =>
      call("PATCH", `${USERS}/me`, { old_password, password })
    }
    onClose={onClose}
  >
    {(refusal) => (
      <>
        <CurrentPassword
          refusal={refusal}
          label={t("old-password")}
          name="old_password"
          autoFocus
        />
        <NewPassword refusal={refusal} label={t("new-password")} />
      </>
    )}
  </FormDialog>
);

// --- the second factor -----------------------------------------------------------------------------------

const TOTP = `${USERS}/me/totp`;

interface Factor {
  is_on: boolean;
  recovery_codes: number;
}
interface Secret {
  secret: string;
  uri: string;
}

/** Recovery codes, which the realm shows only now. */
const RecoveryCodes = ({ codes, onClose }: { codes: string[]; onClose: () => void }) => (
  <Dialog title={t("recovery-codes")} onClose={onClose}>
    <p class="muted">{t("recovery-codes-text")}</p>
    <ul class="codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
    <div class="row">
      <button type="button" class="btn go" onClick={onClose}>
        {t("have-kept-them")}
      </button>
      <Copy text={codes.join("\n")} />
    </div>
  </Dialog>
);

/** The password gives a secret, a code that was made with it switches the second factor on. */
function SwitchOn({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<Secret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = async ({ password }: Values) => setMade(await call("POST", TOTP, { password }));
  const confirm = async ({ code }: Values) => {
    const path = `${TOTP}/confirm`;
    setCodes((await call<{ recovery_codes: string[] }>("POST", path, { code })).recovery_codes);
  };
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />;
  if (!made)
    return (
      <FormDialog
        title={t("switch-on-factor")}
        text={t("second-factor-text")}
        button={t("go-on")}
        staysOpen
        onSend={begin}
        onClose={onClose}
      >
        {(refusal) => <CurrentPassword refusal={refusal} autoFocus />}
      </FormDialog>
    );
  return (
    <FormDialog
      key="code"
      title={t("switch-on-factor")}
      text={t("secret-text")}
      button={t("switch-on")}
      staysOpen
      onSend={confirm}
      onClose={onClose}
    >
      {(refusal) => (
        <>
          <p>
            <code class="secret">{made.secret.match(/.{1,4}/g)?.join(" ")}</code>
          </p>
          <div class="row wrap">
            <Copy text={made.secret} />
            <a class="btn s" href={made.uri}>
              {t("open-authenticator")}
            </a>
          </div>
          <Code wrong={refusal.of("code")} />
        </>
      )}
    </FormDialog>
  );
}

const Code = ({ hint, wrong }: { hint?: string; wrong: string | undefined }) => (
  <Field
    label={t("totp")}
    hint={hint}
    name="code"
    inputMode="numeric"
    autoComplete="one-time-code"
    wrong={wrong}
    autoFocus
    required
  />
);

const SwitchOff = ({ onClose }: { onClose: () => void }) => (
  <FormDialog
    title={t("switch-off-factor")}
    text={t("switch-off-factor-text")}
    button={t("switch-off")}
    kind="bad"
    onSend={({ password, code }) => call("DELETE", TOTP, { password, code })}
    onClose={onClose}
  >
    {(refusal) => (
      <>
        <CurrentPassword refusal={refusal} autoFocus />
        <Code hint={t("totp-hint")} wrong={refusal.of("code")} />
      </>
    )}
  </FormDialog>
);

export function SigningIn({ user }: { user: User }) {
  const [open, setOpen] = useState<"email" | "password" | "on" | "off" | null>(null);
  const factor = useLoaded((signal) => get<Factor>(TOTP, signal), []);
  const close = () => setOpen(null);
  const closeFactor = () => {
    close();
    factor.again();
  };
  const change = (what: "email" | "password", label: string) => (
    <button type="button" class="btn s" aria-label={t(label)} onClick={() => setOpen(what)}>
      {t("change")}
    </button>
  );
  return (
    <section>
      <h2>{t("signing-in")}</h2>
      <Setting title={t("email")} text={user.email}>
        {change("email", "change-email")}
      </Setting>
      <Setting title={t("password")} text={t("change-password-text")}>
        {change("password", "change-password")}
      </Setting>
      <Show of={factor} lines={1}>
        {({ is_on, recovery_codes }) => (
          <Setting
            title={t("second-factor")}
            text={is_on ? t("factor-is-on", { count: recovery_codes }) : t("second-factor-text")}
          >
            <button type="button" class="btn s" onClick={() => setOpen(is_on ? "off" : "on")}>
              {t(is_on ? "switch-off-factor" : "switch-on-factor")}
            </button>
          </Setting>
        )}
      </Show>
      {open === "email" && <ChangeEmail user={user} onClose={close} />}
      {open === "password" && <ChangePassword onClose={close} />}
      {open === "on" && <SwitchOn onClose={closeFactor} />}
      {open === "off" && <SwitchOff onClose={closeFactor} />}
    </section>
  );
}

// --- devices ---------------------------------------------------------------------------------------------

export function Devices() {
  const sessions = usePages<Session>(`${USERS}/sessions?limit=50`);
  const [end, , refusal] = useAction(async (id: number) => {
    await call("DELETE", `${USERS}/sessions/${id}`);
    sessions.again();
  });
  const [endOthers, isEnding, unable] = useAction(async () => {
    await call("DELETE", `${USERS}/sessions`);
    sessions.again();
  });
  return (
    <section>
      <h2>{t("signed-in-where")}</h2>
      <Show of={sessions}>
        {(list) => (
          <>
            <ul>
              {list.map(({ id, client, created_at, is_current }) => {
                const { name, isPhone } = deviceOf(client);
                return (
                  <li key={id} class="person">
                    {isPhone ? <Icon name="Smartphone" /> : <Icon name="Monitor" />}
                    <div class="grow">
                      <b class="clip">{name}</b>
                      <span class="small muted">{t("since", { date: date(created_at) })}</span>
                    </div>
                    {is_current ? (
                      <span class="chip on">{t("this-one")}</span>
                    ) : (
                      <button type="button" class="btn s" onClick={() => end(id)}>
                        {t("sign-out")}
                      </button>
                    )}
                  </li>
                );
              })}
            </ul>
            <More of={sessions} />
          </>
        )}
      </Show>
      <Wrong>{refusal.message ?? unable.message}</Wrong>
      <div class="row wrap pt">
        <button type="button" class="btn" onClick={() => void signOut()}>
          <Icon name="LogOut" /> {t("sign-out-here")}
        </button>
        {sessions.value && sessions.value.length > 1 && (
          <button
            type="button"
            class="btn"
            aria-disabled={isEnding}
            onClick={() => endOthers()}
          >
            {t("sign-out-elsewhere")}
          </button>
        )}
      </div>
    </section>
  );
}

// --- export and erasure ----------------------------------------------------------------------------------

async function download(password: string) {
  const everything = await call<unknown>("POST", `${USERS}/me/export`, { password });
  const file = new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "aeon-realm-export.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

export function Leaving() {
  const [open, setOpen] = useState<"export" | "erase" | null>(null);
  const erase = async (password: string) => {
    await call("DELETE", `${USERS}/me`, { password });
    await signOut();
  };
  return (
    <section class="grid2">
      <div class="card stack s">
        <h2>{t("export-title")}</h2>
        <p class="small muted">{t("export-text")}</p>
        <div>
          <button type="button" class="btn" onClick={() => setOpen("export")}>
            <Icon name="Download" /> {t("export")}
          </button>
        </div>
      </div>
      <div class="card stack s">
        <h2>{t("erase-title")}</h2>
        <p class="small muted">{t("erase-text")}</p>
        <div>
          <button type="button" class="btn bad" onClick={() => setOpen("erase")}>
            {t("erase")}
          </button>
        </div>
      </div>
      {open && (
        <FormDialog
          title={t(`${open}-title`)}
          text={t(`${open}-text`)}
          button={t(open)}
          kind={open === "erase" ? "bad" : "go"}
          onSend={({ password }) => (open === "erase" ? erase : download)(password!)}
          onClose={() => setOpen(null)}
        >
          {(refusal) => <CurrentPassword refusal={refusal} autoFocus />}
        </FormDialog>
      )}
    </section>
  );
}
