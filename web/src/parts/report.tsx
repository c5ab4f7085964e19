/** Reporting something to the administrators; they can read it in any case. */
import { useState } from "preact/hooks";

import { API, call } from "../api";
import { t } from "../text";
import { Icon } from "./marks";
import { Area, Dialog, Form, Wrong, useAction } from "./ui";

export interface Reported {
  kind: "message" | "knowledge" | "interaction" | "room" | "user";
  id: string | number;
}

const MOST = 1000;

export function ReportDialog({ kind, id, onClose }: Reported & { onClose: () => void }) {
  const [isSent, setSent] = useState(false);
  const [run, isBusy, refusal] = useAction(async ({ reason }: Record<string, string>) => {
    await call("POST", `${API}/reports`, { kind, id: String(id), reason });
    setSent(true);
  });
  return (
    <Dialog title={t(`report-${kind}`)} onClose={onClose}>
      {isSent ? (
        <>
          <p role="status">{t("report-sent")}</p>
          <div>
            <button type="button" class="btn" onClick={onClose}>
              {t("close")}
            </button>
          </div>
        </>
      ) : (
        <Form class="stack" onSend={run}>
          <p class="muted">{t("report-text")}</p>
          <Area
            label={t("report-reason")}
            name="reason"
            maxLength={MOST}
            wrong={refusal.of("reason")}
            autoFocus
            required
          />
          <Wrong>{refusal.message}</Wrong>
          <div class="row">
            <button class="btn bad" aria-disabled={isBusy}>
              {t("report")}
            </button>
            <button type="button" class="btn quiet" onClick={onClose}>
              {t("cancel")}
            </button>
          </div>
        </Form>
      )}
    </Dialog>
  );
}

/** The button that reports something, with its dialog. */
export function Report({ kind, id }: Reported) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="btn quiet s" onClick={() => setOpen(true)}>
        <Icon name="Flag" /> {t("report")}
      </button>
      {isOpen && <ReportDialog kind={kind} id={id} onClose={() => setOpen(false)} />}
    </>
  );
}
