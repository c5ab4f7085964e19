/** Dialogs: a plain one, one with a form, and one that asks for a yes. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { t } from "../text";
import { Icon } from "./marks";
import { Form, type Refusal, Wrong, useAction } from "./ui";

export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="stack">
        <div class="row">
          <h2 class="grow">{title}</h2>
          <button type="button" class="btn quiet icon s" aria-label={t("close")} onClick={onClose}>
            <Icon name="X" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/**
 * A dialog with a form. `children` draws its fields and their errors; `button` says what happens.
 * After `onSend` the dialog closes, unless it `staysOpen`.
 */
export function FormDialog({
  title,
  text,
  button,
  keep = t("cancel"),
  kind = "go",
  staysOpen = false,
  onSend,
  onClose,
  children,
}: {
  title: string;
  text?: string | undefined;
  button: string;
  keep?: string | undefined;
  kind?: "go" | "twin" | "bad";
  staysOpen?: boolean;
  onSend: (values: Record<string, string>) => Promise<unknown>;
  onClose: () => void;
  children?: (refusal: Refusal) => ComponentChildren;
}) {
  const [run, isBusy, refusal] = useAction(async (values: Record<string, string>) => {
    await onSend(values);
    if (!staysOpen) onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form class="stack" onSend={run}>
        {text && <p class="muted">{text}</p>}
        {children?.(refusal)}
        <Wrong>{refusal.message}</Wrong>
        <div class="row">
          <button class={`btn ${kind}`} aria-disabled={isBusy}>
            {button}
          </button>
          <button type="button" class="btn quiet" onClick={onClose}>
            {keep}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Asks before something is done that cannot be undone easily. */
export const Confirm = ({
  onDo,
  ...dialog
}: {
  title: string;
  text?: string;
  button: string;
  keep?: string;
  onDo: () => Promise<unknown>;
  onClose: () => void;
}) => <FormDialog {...dialog} kind="bad" onSend={onDo} />;
