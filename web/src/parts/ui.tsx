/** Small parts of many views: fields, forms, buttons, lists that load. */
import type {
  ButtonHTMLAttributes,
  ComponentChildren,
  ComponentType,
  FormHTMLAttributes,
  InputHTMLAttributes,
  PartialInputHTMLAttributes,
  TargetedSubmitEvent,
  TextareaHTMLAttributes,
} from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { ApiError, type FieldError, page } from "../api";
import { words } from "../store/store";
import { t } from "../text";
import { Link } from "./link";
import { Art, Icon } from "./marks";

// --- forms -------------------------------------------------------------------------------------------

type FieldProps = PartialInputHTMLAttributes<HTMLInputElement> & {
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
};

let fields = 0;

type Described = Pick<InputHTMLAttributes<HTMLElement>, "id" | "aria-describedby" | "aria-invalid">;

/** The label of a control, its hint, and what is wrong with its value. */
function Labelled({
  label,
  hint,
  wrong,
  children,
}: Pick<FieldProps, "label" | "hint" | "wrong"> & {
  children: (about: Described) => ComponentChildren;
}) {
  const [id] = useState(() => `field-${++fields}`);
  const notes = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": notes || undefined,
        "aria-invalid": wrong ? "true" : undefined,
      })}
      {hint && (
        <span class="hint small" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span class="state bad" id={`${id}-wrong`}>
          <Icon name="CircleAlert" /> {wrong}
        </span>
      )}
    </div>
  );
}

export const Field = ({ label, hint, wrong, ...input }: FieldProps) => (
  <Labelled label={label} hint={hint} wrong={wrong}>
    {(about) => (
      <input
        class="input"
        {...(about as object)}
        {...(input as InputHTMLAttributes<HTMLInputElement>)}
      />
    )}
  </Labelled>
);

/** A field of several lines. */
export const Area = ({
  label,
  hint,
  wrong,
  ...input
}: Pick<FieldProps, "label" | "hint" | "wrong"> & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Labelled label={label} hint={hint} wrong={wrong}>
    {(about) => <textarea class="input area" rows={3} {...(about as object)} {...input} />}
  </Labelled>
);

export const Wrong = ({ children }: { children: ComponentChildren }) =>
  children ? (
    <p class="state bad" role="alert">
      <Icon name="CircleAlert" />
      <span>{children}</span>
    </p>
  ) : null;

/** The seconds until that time. */
export function useSeconds(until: number | null): number {
  const [, show] = useState(0);
  const left = until === null ? 0 : Math.max(0, until - Date.now());
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => show(left), left % 1000 || 1000);
    return () => clearTimeout(timer);
  });
  return Math.ceil(left / 1000);
}

/** A text with the seconds that are left. A screen reader says only how many there were at first. */
export function Countdown({ until, text, end }: { until: number; text: string; end: string }) {
  const seconds = useSeconds(until);
  const [first] = useState(seconds);
  if (seconds === 0) return <>{t(end)}</>;
  return (
    <>
      <span class="sr">{t(text, { seconds: first })}</span>
      <span aria-hidden="true">{t(text, { seconds })}</span>
    </>
  );
}

/** What a form has been refused for: a sentence, and the sentence of each field. */
export interface Refusal {
  message: ComponentChildren;
  code: string | null;
  of: (field: string) => string | undefined;
}

const none: Refusal = { message: null, code: null, of: () => undefined };

function refusalOf(error: unknown): Refusal {
  const wrong: FieldError[] = error instanceof ApiError ? error.fields : [];
  const of = (field: string) => wrong.find(({ loc }) => loc.at(-1) === field)?.msg;
  return {
    message: wrong.length ? t("fields-wrong") : sentence(error),
    code: error instanceof ApiError ? error.code : null,
    of,
  };
}

export function sentence(error: unknown): ComponentChildren {
  if (error instanceof ApiError && error.status === 0) return t("no-answer");
  if (error instanceof ApiError && error.status === 429)
    return <Countdown key={error.retryAt} until={error.retryAt} text="too-fast" end="try-now-text" />;
  return words(error);
}

/** Runs an action once at a time: [run, is it running, why it was refused]. */
export function useAction<A extends unknown[]>(action: (...values: A) => Promise<unknown>) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>(none);
  const run = async (...values: A) => {
    if (isBusy) return;
    setBusy(true);
    setRefusal(none);
    try {
      await action(...values);
    } catch (error) {
      setRefusal(refusalOf(error));
    } finally {
      setBusy(false);
    }
  };
  return [run, isBusy, refusal] as const;
}

/** The values of a form's fields, by their names. */
export function valuesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

export function Form({
  onSend,
  children,
  ...rest
}: { onSend: (values: Record<string, string>) => void } & Omit<
  FormHTMLAttributes<HTMLFormElement>,
  "onSubmit"
>) {
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSend(valuesOf(event.currentTarget));
  };
  return (
    <form noValidate onSubmit={submit} {...rest}>
      {children}
    </form>
  );
}

/** A form with a button that saves its values and then says that they are saved. */
export function SavingForm({
  onSave,
  children,
}: {
  onSave: (values: Record<string, string>) => Promise<unknown>;
  children: (refusal: Refusal) => ComponentChildren;
}) {
  const [isSaved, setSaved] = useState(false);
  const [run, isBusy, refusal] = useAction(async (values: Record<string, string>) => {
    setSaved(false);
    await onSave(values);
    setSaved(true);
  });
  return (
    <Form class="stack" onSend={run}>
      {children(refusal)}
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

/** A button with an icon alone: its label is what a screen reader and a pointer get. */
export const IconButton = ({
  icon,
  label,
  class: extra = "",
  ...button
}: { icon: string; label: string; class?: string } & Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  "icon" | "label" | "class"
>) => (
  <button
    type="button"
    class={`btn quiet icon ${extra}`}
    aria-label={label}
    title={label}
    {...button}
  >
    <Icon name={icon} />
  </button>
);

/** Where a list is searched. */
export const SearchBox = ({
  label,
  value,
  onInput,
  ...input
}: Omit<PartialInputHTMLAttributes<HTMLInputElement>, "label" | "value" | "onInput"> & {
  label: string;
  value: string;
  onInput: (text: string) => void;
}) => (
  <div class="searchbox grow">
    <Icon name="Search" />
    <input
      class="input search"
      type="search"
      value={value}
      placeholder={label}
      aria-label={label}
      onInput={(event) => onInput(event.currentTarget.value)}
      {...(input as object)}
    />
  </div>
);

/** Views that belong together, at the top of each of them. */
export function Tabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly (readonly [href: string, text: string])[];
}) {
  const [path] = useLocation();
  // Of two that fit, such as /twin and /twin/calls, the longer one is meant.
  const here = tabs
    .map(([href]) => href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // Where not all of them fit, they scroll.
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [here]);
  return (
    <nav class="tabs" aria-label={label} ref={nav}>
      {tabs.map(([href, text]) => (
        <Link key={href} href={href} aria-current={href === here ? "page" : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  );
}

// --- what is loaded ----------------------------------------------------------------------------------

export interface Loaded<T> {
  value: T | undefined;
  error: unknown;
  again: () => void;
  set: (value: T) => void;
}

/** Loads when a dependency changes; an answer to an older question is dropped. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  needs: unknown[],
): Loaded<T> {
  const [value, set] = useState<T>();
  const [error, setError] = useState<unknown>();
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    load(abort.signal).then(
      (answer) => abort.signal.aborted || set(() => answer),
      (why) => abort.signal.aborted || setError(() => why),
    );
    return () => abort.abort();
  }, [...needs, tries]);
  return { value, error, again: () => setTries(tries + 1), set: (next) => set(() => next) };
}

export interface Pages<T> extends Loaded<T[]> {
  more: (() => void) | null; // loads the next page, if there is one
  refusal: Refusal;
}

/** A list that comes in pages. */
export function usePages<T>(path: string): Pages<T> {
  const pages = useLoaded((signal) => page<T>(path, signal), [path]);
  const { value } = pages;
  const [load, , refusal] = useAction(async (next: string) => {
    const later = await page<T>(next);
    pages.set({ items: [...value!.items, ...later.items], next: later.next });
  });
  return {
    ...pages,
    value: value?.items,
    set: (items) => pages.set({ items, next: value?.next ?? null }),
    more: value?.next ? () => void load(value.next!) : null,
    refusal,
  };
}

export const More = ({ of }: { of: Pick<Pages<unknown>, "more" | "refusal"> }) => (
  <>
    <Wrong>{of.refusal.message}</Wrong>
    {of.more && (
      <div>
        <button type="button" class="btn" onClick={of.more}>
          {t("more")}
        </button>
      </div>
    )}
  </>
);

/** Loads again what was refused because of a limit, when that ends. */
export function useLimitEnd(error: unknown, again: () => void) {
  useEffect(() => {
    if (!(error instanceof ApiError && error.status === 429)) return;
    const timer = setTimeout(again, error.retryAt - Date.now());
    return () => clearTimeout(timer);
  }, [error]);
}

export function Failed({ error, again }: { error: unknown; again: () => void }) {
  const id = error instanceof ApiError ? error.requestId : null;
  useLimitEnd(error, again);
  return (
    <div class="card row wrap" role="alert">
      <Icon name="CircleAlert" />
      <span class="grow">
        {sentence(error)}
        {id && <span class="small faint"> · {id}</span>}
      </span>
      <button class="btn s" onClick={again}>
        {t("try-again")}
      </button>
    </div>
  );
}

/** Grey lines where a list will be. They show after a moment, so that a quick answer flashes nothing. */
export const Waiting = ({ lines = 4 }: { lines?: number }) => (
  <div class="waiting" role="status">
    <span class="sr">{t("loading")}</span>
    {Array.from({ length: lines }, () => (
      <span class="bone" />
    ))}
  </div>
);

export function Show<T>({
  of,
  children,
  lines,
}: {
  of: Loaded<T>;
  children: (value: T) => ComponentChildren;
  lines?: number;
}) {
  if (of.error) return <Failed error={of.error} again={of.again} />;
  return <>{of.value === undefined ? <Waiting lines={lines ?? 4} /> : children(of.value)}</>;
}

/** A view whose code is loaded when it is first shown. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>) {
  return function Later(props: P) {
    const view = useLoaded(load, []);
    if (!view.value)
      return (
        <main class="main" id="main" aria-busy={!view.error}>
          <div class="page">
            <Show of={view}>{() => null}</Show>
          </div>
        </main>
      );
    const View = view.value;
    return <View {...props} />;
  };
}

export const Empty = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="empty">
    <Art rings={2} />
    <h2>{title}</h2>
    {children}
  </div>
);
