/** Removing something for everybody, with a reason that the audit log keeps; it can be restored. */
import { API, call } from "../api";
import { Field, Form, Wrong, useAction } from "../parts/ui";
import { t } from "../text";

const REMOVABLE = new Set(["room", "message", "knowledge", "interaction"]);
export const removable = (kind: string) => REMOVABLE.has(kind);

export function RemoveForm({ kind, id, onDone }: { kind: string; id: string; onDone: () => void }) {
  const [run, isBusy, refusal] = useAction(async ({ reason }: Record<string, string>) => {
    await call("POST", `${API}/admin/remove`, { kind, id, reason });
    onDone();
  });
  return (
    <Form class="stack s" onSend={run}>
      <Field
        label={t("reason")}
        hint={t("remove-hint")}
        name="reason"
        maxLength={1000}
        wrong={refusal.of("reason")}
        autoFocus
        required
      />
      <Wrong>{refusal.message}</Wrong>
      <div>
        <button class="btn bad s" aria-disabled={isBusy}>
          {t("remove-thing")}
        </button>
      </div>
    </Form>
  );
}
