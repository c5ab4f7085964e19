/** The user's own settings, in tabs. */
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Redirect } from "wouter-preact";

import { USERS, call, get } from "../api";
import type { Circle, Privacy, User } from "../model";
import { ChoiceSetting, Setting, Switch, sealed } from "../parts/choice";
import { Link } from "../parts/link";
import { Icon, type Reach } from "../parts/marks";
import { OwnReports } from "../parts/own-reports";
import { Field, SavingForm, Show, Tabs, Wrong, useAction, useLoaded } from "../parts/ui";
import { Bar } from "../shell";
import { type Notices, chooseNotices, notices } from "../store/notices";
import { apply, isAdministrator, me } from "../store/store";
import { Mails } from "./mail";
import { Devices, Leaving, SigningIn } from "./security";
import { LANGUAGES, type Language, chooseLanguage, language, t } from "../text";
import { type Theme, applyTheme, theme } from "../theme";

const Profile = ({ user }: { user: User }) => (
  <SavingForm
    onSave={async ({ full_name, bio }) =>
      apply(
        "me",
        await call("PATCH", `${USERS}/me`, { full_name: full_name || null, bio: bio || null }),
      )
    }
  >
    {(refusal) => (
      <>
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
      </>
    )}
  </SavingForm>
);

function Look() {
  const [chosen, setChosen] = useState<Theme>(theme());
  const choose = (next: Theme) => {
    applyTheme(next);
    setChosen(next);
  };
  return (
    <section>
      <h2>{t("look-and-language")}</h2>
      <ChoiceSetting
        label={t("look")}
        value={chosen}
        onChoose={choose}
        options={[
          ["system", t("as-system")],
          ["light", t("light")],
          ["dark", t("dark")],
        ]}
      />
      <ChoiceSetting
        label={t("language")}
        value={language}
        onChoose={chooseLanguage}
        options={Object.entries(LANGUAGES) as [Language, string][]}
      />
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
      <ChoiceSetting<Notices>
        title={t("notices-title")}
        text={t("notices-text")}
        label={t("notices")}
        value={chosen}
        onChoose={(wanted) => void choose(wanted)}
        options={[
          ["off", t("never")],
          ["names", t("notices-names")],
          ["texts", t("notices-texts")],
        ]}
      />
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
              <ChoiceSetting
                key={part}
                text={t(`privacy-${part}-text`)}
                label={t(`privacy-${part}`)}
                value={now[part]}
                onChoose={(circle) => change({ [part]: circle })}
                options={sealed(CIRCLES.map(([circle, reach]) => [circle, reach, t(circle)]))}
              />
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
      <div class="row pt">
        <Link class="btn s" href="/settings/as-stranger">
          <Icon name="Eye" /> {t("see-as-stranger")}
        </Link>
      </div>
    </section>
  );
}

const You = () => (
  <>
    {isAdministrator() && (
      <Link class="btn phone-only" href="/admin">
        <Icon name="Shield" /> {t("the-realm")}
      </Link>
    )}
    <Profile user={me.value!} />
    <SigningIn user={me.value!} />
    <OwnReports />
  </>
);

const PrivacyAndDevices = () => (
  <>
    <PrivacySettings />
    <Devices />
    <Leaving />
  </>
);

const Notifications = () => (
  <>
    <NoticeSettings />
    <Mails />
  </>
);

/** The parts of the settings, by the end of their address. */
const TABS: Record<string, [name: string, view: ComponentType]> = {
  "": ["you", You],
  "/privacy": ["privacy-and-devices", PrivacyAndDevices],
  "/notices": ["notices", Notifications],
  "/look": ["look-and-language", Look],
};

export function SettingsView({ tab = "" }: { tab?: string }) {
  const View = TABS[tab]?.[1];
  if (!View) return <Redirect to="/settings" replace />;
  return (
    <main class="main" id="main">
      <Bar title={t("settings")} back="/">
        <Tabs
          label={t("settings")}
          tabs={Object.entries(TABS).map(([end, [name]]) => [`/settings${end}`, t(name)])}
        />
      </Bar>
      <div class="scroll">
        <div class="page narrow stack l">
          <View />
        </div>
      </div>
    </main>
  );
}
