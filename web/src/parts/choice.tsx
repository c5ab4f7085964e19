/** Choices of one of few, alone and as rows of settings or of a form, and switches. */
import type { ComponentChildren, TargetedKeyboardEvent } from "preact";

import { type Reach, Seal, VISIBILITY, visibilityText } from "./marks";

/** A row of settings: what it is about, and the control beside it. */
export const Setting = ({
  title,
  text,
  children,
}: {
  title: ComponentChildren;
  text?: ComponentChildren;
  children: ComponentChildren;
}) => (
  <div class="setting">
    <div>
      <b>{title}</b>
      {text && <p class="small muted">{text}</p>}
    </div>
    {children}
  </div>
);

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export type Options<T extends string> = readonly (readonly [T, ComponentChildren])[];

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: Options<T>;
  onChoose: (value: T) => void;
  class?: string;
}

/** A choice of one of few, as a row of buttons. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChoose,
  class: extra = "",
}: ChoiceProps<T>) {
  const move = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = options.findIndex(([option]) => option === value);
    const next = (at + step + options.length) % options.length;
    onChoose(options[next]![0]);
    (event.currentTarget.children[next] as HTMLElement).focus();
  };
  return (
    <div class={`seg ${extra}`} role="radiogroup" aria-label={label} onKeyDown={move}>
      {options.map(([option, text]) => (
        <button
          type="button"
          role="radio"
          aria-checked={option === value}
          tabIndex={option === value ? 0 : -1}
          onClick={() => onChoose(option)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

export const Switch = ({
  label,
  on,
  onChange,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) => (
  <button
    type="button"
    class="switch"
    role="switch"
    aria-checked={on}
    aria-label={label}
    onClick={() => onChange(!on)}
  />
);

/** A choice as a row of settings. */
export const ChoiceSetting = <T extends string>({
  text,
  title,
  ...choice
}: { title?: string; text?: string } & ChoiceProps<T>) => (
  <Setting title={title ?? choice.label} text={text}>
    <Choice {...choice} />
  </Setting>
);

/** A choice with its label above it, and a note on what is chosen below. */
export const ChoiceField = <T extends string>({
  note,
  ...choice
}: { note?: string } & ChoiceProps<T>) => (
  <fieldset class="stack s">
    <legend class="small">
      <b>{choice.label}</b>
    </legend>
    <Choice {...choice} />
    {note && <p class="small muted">{note}</p>}
  </fieldset>
);

/** Choices of who may see something, each with its seal. */
export const sealed = <T extends string>(
  choices: readonly (readonly [value: T, reach: Reach, text: string])[],
): Options<T> =>
  choices.map(
    ([value, reach, text]) =>
      [
        value,
        <>
          <Seal reach={reach} /> {text}
        </>,
      ] as const,
  );

export const circles = <T extends string>(visibilities: readonly T[]): Options<T> =>
  sealed(visibilities.map((one) => [one, VISIBILITY[one]!, visibilityText(one)]));
