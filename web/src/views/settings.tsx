/** The user's own page of settings: profile, look, privacy, devices, export, erasure. */
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { USERS, call, get } from "../api";
import { date, nameOf } from "../format";
import type { Circle, Privacy, Session, User } from "../model";
import { Icon, type Reach, Seal } from "../parts/marks";
import { OwnReports } from "../parts/own-reports";
import {
  Choice,
  Dialog,
  Field,
  Form,
  Setting,
  Show,
  Switch,
  Wrong,
  useAction,
  useLoaded,
} from "../parts/ui";
import { Bar } from "../shell";
import { type Notices, chooseNotices, notices } from "../store/notices";
import { apply, isAdministrator, me, signOut } from "../store/store";
import { LANGUAGES, type Language, chooseLanguage, language, t } from "../text";
import { type Theme, applyTheme, theme } from "../theme";

function Profile({ user }: { user: User }) {
  const [isSaved, setSaved] = useState(false);
  const [run, isBusy, refusal] = useAction(async ({ full_name, bio }: Record<string, string>) => {
    setSaved(false);
    apply(
      "me",
      await call("PATCH", `${USERS}/me`, { full_name: full_name || null, bio: bio || null }),
    );
    setSaved(true);
  });
  return (
    <Form class="stack" onSend={run}>
      <h2>{t("you")}</h2>
      <Field
        label={t("full-name")}
        name="full_name"
        defaultValue={user.full_name ?? ""}
        maxLength={100}
        wrong={refusal.of("full_name")}
      />
      <Field
        label={t("bio")}
        name="bio"
        defaultValue={user.bio ?? ""}
        maxLength={500}
        wrong={refusal.of("bio")}
      />
      <Wrong>{refusal.message}</Wrong>
      <div class="row">
        <button class="btn" aria-disabled={isBusy}>
          {t("save")}
        </button>
        {isSaved && (
          <span class="state" role="status">
            <Icon name="Check" /> {t("kept")}
          </span>
        )}
      </div>
    </Form>
  );
}

function Look() {
  const [chosen, setChosen] = useState<Theme>(theme());
  const choose = (next: Theme) => {
    applyTheme(next);
    setChosen(next);
  };
  return (
    <section>
      <h2>{t("look-and-language")}</h2>
      <Setting title={t("look")}>
        <Choice
          label={t("look")}
          value={chosen}
          onChoose={choose}
          options={[
            ["system", t("as-system")],
            ["light", t("light")],
            ["dark", t("dark")],
          ]}
        />
      </Setting>
      <Setting title={t("language")}>
        <Choice<Language>
          label={t("language")}
          value={language}
          onChoose={chooseLanguage}
          options={Object.entries(LANGUAGES) as [Language, string][]}
        />
      </Setting>
    </section>
  );
}

function NoticeSettings() {
  const [chosen, setChosen] = useState<Notices>(notices());
  const [isRefused, setRefused] = useState(false);
  const choose = async (wanted: Notices) => {
    const now = await chooseNotices(wanted);
    setChosen(now);
    setRefused(now !== wanted);
  };
  return (
    <section>
      <h2>{t("notices")}</h2>
      <Setting title={t("notices-title")} text={t("notices-text")}>
        <Choice<Notices>
          label={t("notices")}
          value={chosen}
          onChoose={(wanted) => void choose(wanted)}
          options={[
            ["off", t("never")],
            ["names", t("notices-names")],
            ["texts", t("notices-texts")],
          ]}
        />
      </Setting>
      <Wrong>{isRefused && t("notices-refused")}</Wrong>
    </section>
  );
}

const CIRCLES: readonly (readonly [Circle, Reach])[] = [
  ["everyone", 2],
  ["friends", 1],
  ["nobody", 0],
];
const PARTS = ["presence", "relationships", "network", "contact"] as const;

function PrivacySettings() {
  const privacy = useLoaded((signal) => get<Privacy>(`${USERS}/me/privacy`, signal), []);
  const [change, , refusal] = useAction(async (part: Partial<Privacy>) => {
    privacy.set(await call("PUT", `${USERS}/me/privacy`, { ...privacy.value, ...part }));
  });
  return (
    <section>
      <h2>{t("privacy-title")}</h2>
      <Show of={privacy}>
        {(now) => (
          <>
            {PARTS.map((part) => (
              <Setting key={part} title={t(`privacy-${part}`)} text={t(`privacy-${part}-text`)}>
                <Choice
                  label={t(`privacy-${part}`)}
                  value={now[part]}
                  onChoose={(circle) => change({ [part]: circle })}
                  options={CIRCLES.map(
                    ([circle, reach]) =>
                      [
                        circle,
                        <>
                          <Seal reach={reach} /> {t(circle)}
                        </>,
                      ] as const,
                  )}
                />
              </Setting>
            ))}
            <Setting title={t("discoverable")} text={t("discoverable-text")}>
              <Switch
                label={t("discoverable")}
                on={now.discoverable}
                onChange={(discoverable) => change({ discoverable })}
              />
            </Setting>
          </>
        )}
      </Show>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}

function Devices() {
  const sessions = useLoaded((signal) => get<Session[]>(`${USERS}/sessions`, signal), []);
  const [end, , refusal] = useAction(async (id: number) => {
    await call("DELETE", `${USERS}/sessions/${id}`);
    sessions.again();
  });
  return (
    <section>
      <h2>{t("signed-in-where")}</h2>
      <Show of={sessions}>
        {(list) => (
          <ul>
            {list.map(({ id, client, created_at, is_current }) => (
              <li key={id} class="person">
                <Icon name="Monitor" />
                <div class="grow">
                  <b class="clip">{client ?? t("a-device")}</b>
                  <br />
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
            ))}
          </ul>
        )}
      </Show>
      <Wrong>{refusal.message}</Wrong>
      <div class="row pt">
        <button type="button" class="btn" onClick={() => void signOut()}>
          <Icon name="LogOut" /> {t("sign-out-here")}
        </button>
      </div>
    </section>
  );
}

/** Exporting and erasing ask for the password again. */
function WithPassword({
  title,
  text,
  button,
  onDone,
  onClose,
  isBad = false,
}: {
  title: string;
  text: string;
  button: string;
  onDone: (password: string) => Promise<unknown>;
  onClose: () => void;
  isBad?: boolean;
}) {
  const [run, isBusy, refusal] = useAction(async ({ password }: Record<string, string>) => {
    await onDone(password!);
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form class="stack" onSend={run}>
        <p class="muted">{text}</p>
        <Field
          label={t("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          wrong={refusal.of("password")}
          autoFocus
          required
        />
        <Wrong>{refusal.message}</Wrong>
        <div class="row">
          <button class={`btn ${isBad ? "bad" : "go"}`} aria-disabled={isBusy}>
            {button}
          </button>
          <button type="button" class="btn quiet" onClick={onClose}>
            {t("cancel")}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

async function download(password: string) {
  const everything = await call<unknown>("POST", `${USERS}/me/export`, { password });
  const file = new Blob([JSON.stringify(everything, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "aeon-realm-export.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

function Leaving() {
  const [open, setOpen] = useState<"export" | "erase" | null>(null);
  const close = () => setOpen(null);
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
      {open === "export" && (
        <WithPassword
          title={t("export-title")}
          text={t("export-text")}
          button={t("export")}
          onDone={download}
          onClose={close}
        />
      )}
      {open === "erase" && (
        <WithPassword
          title={t("erase-title")}
          text={t("erase-text")}
          button={t("erase")}
          onDone={erase}
          onClose={close}
          isBad
        />
      )}
    </section>
  );
}

export function SettingsView() {
  const user = me.value!;
  return (
    <main class="main" id="main">
      <Bar title={t("settings")} topic={nameOf(user)} back="/" />
      <div class="scroll">
        <div class="page narrow stack l">
          {isAdministrator() && (
            <Link class="btn phone-only" href="/admin">
              <Icon name="Shield" /> {t("the-realm")}
            </Link>
          )}
          <Profile user={user} />
          <Look />
          <NoticeSettings />
          <PrivacySettings />
          <OwnReports />
          <Devices />
          <Leaving />
        </div>
      </div>
    </main>
  );
}
