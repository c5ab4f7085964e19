/** Reporting something to the administrators; they can read it in any case. */
import { useState } from "preact/hooks";

import { API, call } from "../api";
import { t } from "../text";
import { Dialog, FormDialog } from "./dialog";
import { Icon } from "./marks";
import { Area } from "./ui";

export interface Reported {
  kind: "message" | "knowledge" | "interaction" | "room" | "user";
  id: string | number;
}

const MOST = 1000;

export function ReportDialog({ kind, id, onClose }: Reported & { onClose: () => void }) {
  const [isSent, setSent] = useState(false);
  const title = t(`report-${kind}`);
  const send = async ({ reason }: Record<string, string>) => {
    await call("POST", `${API}/reports`, { kind, id: String(id), reason });
    setSent(true);
  };
  if (isSent)
    return (
      <Dialog title={title} onClose={onClose}>
        <p role="status">{t("report-sent")}</p>
        <div>
          <button type="button" class="btn" onClick={onClose}>
            {t("close")}
          </button>
        </div>
      </Dialog>
    );
  return (
    <FormDialog
      title={title}
      text={t("report-text")}
      button={t("report")}
      kind="bad"
      staysOpen
      onSend={send}
      onClose={onClose}
    >
      {(refusal) => (
        <Area
          label={t("report-reason")}
          name="reason"
          maxLength={MOST}
          wrong={refusal.of("reason")}
          autoFocus
          required
        />
      )}
    </FormDialog>
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
