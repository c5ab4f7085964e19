/** The settings that may change while the realm runs. Names and help are those of aeon.conf. */
import { useState } from "preact/hooks";

import { API, call, get } from "../api";
import { Choice, Setting } from "../parts/choice";
import { Form, SearchBox, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { t } from "../text";

interface Value {
  key: string;
  value: string | number;
  configured: string | number;
  is_changed: boolean;
  min: number | null;
  max: number | null;
  choices: string[] | null;
  help: string;
}

const SETTINGS = `${API}/admin/settings`;

function Control({ setting, onSet }: { setting: Value; onSet: (value: unknown) => void }) {
  const { key, value, choices, min, max } = setting;
  if (choices)
    return (
      <Choice
        label={key}
        value={String(value)}
        onChoose={onSet}
        options={choices.map((choice) => [choice, choice] as const)}
      />
    );
  return (
    <Form class="row" key={String(value)} onSend={({ number }) => onSet(Number(number))}>
      <input
        class="input narrow"
        name="number"
        type="number"
        aria-label={key}
        min={min ?? undefined}
        max={max ?? undefined}
        defaultValue={String(value)}
      />
      <button class="btn s">{t("save")}</button>
    </Form>
  );
}

export function AdminSettings() {
  const [text, setText] = useState("");
  const settings = useLoaded((signal) => get<Value[]>(SETTINGS, signal), []);
  const [set, , refusal] = useAction(async (key: string, value: unknown) =>
    settings.set(await call("PATCH", SETTINGS, { [key]: value })),
  );
  const wanted = text.trim().toLowerCase();
  return (
    <>
      <SearchBox label={t("find-setting")} value={text} onInput={setText} />
      <Show of={settings} lines={8}>
        {(list) => (
          <div>
            {list
              .filter(({ key, help }) => `${key} ${help}`.toLowerCase().includes(wanted))
              .map((setting) => (
                <Setting
                  key={setting.key}
                  title={<code>{setting.key}</code>}
                  text={
                    <>
                      {setting.help}
                      {setting.is_changed && (
                        <>
                          {" "}
                          <button type="button" class="link" onClick={() => set(setting.key, null)}>
                            {t("back-to", { value: String(setting.configured) })}
                          </button>
                        </>
                      )}
                      {refusal.of(setting.key) && <Wrong>{refusal.of(setting.key)}</Wrong>}
                    </>
                  }
                >
                  <Control setting={setting} onSet={(value) => set(setting.key, value)} />
                </Setting>
              ))}
          </div>
        )}
      </Show>
      <Wrong>{refusal.message}</Wrong>
    </>
  );
}
