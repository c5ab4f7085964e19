/** When the user's twin answers others, how often, with which model, and which twins it asks. */
import { AEON, call, realmInfo } from "../api";
import { timeAt } from "../format";
import { ChoiceField, Setting, Switch } from "../parts/choice";
import { Field, SavingForm, Wrong, useAction, useLoaded } from "../parts/ui";
import { t } from "../text";

export interface Twin {
  name: string;
  persona: string | null;
  autopilot: string;
  answers_to: string;
  only_when_away: boolean;
  quiet_hours: { from: string; to: string; utc_offset: number } | null;
  model: string | null; // null: the realm's
  max_replies_per_day: number;
  max_replies_per_person: number;
  asks_others: "never" | "public" | "always";
}

/** Only what is given changes. */
export const changeTwin = (part: Partial<Record<keyof Twin, unknown>>) =>
  call<Twin>("PUT", `${AEON}/twin`, part);

/** Minutes east of UTC of this device. */
const offsetHere = () => -new Date().getTimezoneOffset();

function quietHours(from: string, to: string): Twin["quiet_hours"] {
  if (!from && !to) return null;
  if (!from || !to) throw new Error(t("quiet-hours-both"));
  return { from, to, utc_offset: offsetHere() };
}

/** An empty field is not 0: the realm refuses it. */
const numberIn = (text: string) => (text === "" ? text : Number(text));

interface Props {
  twin: Twin;
  onChange: (twin: Twin) => void;
}

function Limits({ twin, onChange }: Props) {
  const { quiet_hours: quiet } = twin;
  const shown = (time: string | undefined) =>
    quiet && time ? timeAt(time, quiet.utc_offset, offsetHere()) : "";
  const limit = (
    name: "max_replies_per_day" | "max_replies_per_person",
    label: string,
    wrong?: string,
  ) => (
    <Field
      label={label}
      name={name}
      type="number"
      min={0}
      max={10000}
      defaultValue={String(twin[name])}
      wrong={wrong}
    />
  );
  return (
    <SavingForm
      onSave={async ({ from, to, max_replies_per_day, max_replies_per_person }) =>
        onChange(
          await changeTwin({
            quiet_hours: quietHours(from!, to!),
            max_replies_per_day: numberIn(max_replies_per_day!),
            max_replies_per_person: numberIn(max_replies_per_person!),
          }),
        )
      }
    >
      {(refusal) => (
        <>
          <fieldset class="stack s">
            <legend class="small">
              <b>{t("quiet-hours")}</b>
            </legend>
            <p class="small muted">{t("quiet-hours-text")}</p>
            <div class="pairs">
              <Field
                label={t("from-time")}
                name="from"
                type="time"
                defaultValue={shown(quiet?.from)}
              />
              <Field label={t("to-time")} name="to" type="time" defaultValue={shown(quiet?.to)} />
            </div>
          </fieldset>
          <div class="pairs">
            {limit("max_replies_per_day", t("limit-day"), refusal.of("max_replies_per_day"))}
            {limit(
              "max_replies_per_person",
              t("limit-person"),
              refusal.of("max_replies_per_person"),
            )}
          </div>
        </>
      )}
    </SavingForm>
  );
}

export function Rules({ twin, onChange }: Props) {
  const [change, , refusal] = useAction(async (part: Partial<Twin>) =>
    onChange(await changeTwin(part)),
  );
  const models = useLoaded(realmInfo, []).value?.twins?.models ?? [];
  return (
    <section class="card stack">
      <h2>{t("how-it-answers")}</h2>
      <Setting title={t("only-when-away")} text={t("only-when-away-text")}>
        <Switch
          label={t("only-when-away")}
          on={twin.only_when_away}
          onChange={(only_when_away) => change({ only_when_away })}
        />
      </Setting>
      <ChoiceField
        class="twin"
        label={t("asks-others")}
        value={twin.asks_others}
        onChoose={(asks_others) => change({ asks_others })}
        options={[
          ["never", t("never")],
          ["public", t("asks-public")],
          ["always", t("asks-always")],
        ]}
        note={t(`asks-${twin.asks_others}-text`)}
      />
      {models.length > 1 && (
        <ChoiceField
          class="twin"
          label={t("model")}
          value={twin.model ?? ""}
          onChoose={(model) => change({ model: model || null })}
          options={[["", t("model-of-realm")], ...models.map((model) => [model, model] as const)]}
        />
      )}
      <Wrong>{refusal.message}</Wrong>
      <Limits twin={twin} onChange={onChange} />
    </section>
  );
}
