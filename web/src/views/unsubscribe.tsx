/** The page behind the link in a digest. It works without signing in. Only the button ends digests. */
import { useState } from "preact/hooks";
import { useSearch } from "wouter-preact";

import { USERS, call } from "../api";
import { Link } from "../parts/link";
import { Wrong, useAction } from "../parts/ui";
import { t } from "../text";

export function UnsubscribeView() {
  const token = new URLSearchParams(useSearch()).get("token") ?? "";
  const [isDone, setDone] = useState(false);
  const [end, isBusy, refusal] = useAction(async () => {
    await call("POST", `${USERS}/mail/unsubscribe?token=${encodeURIComponent(token)}`);
    setDone(true);
  });
  return (
    <main class="main" id="main">
      <div class="page narrow stack l">
        <h1>{t("unsubscribe-title")}</h1>
        {isDone ? (
          <p role="status">{t("unsubscribe-done")}</p>
        ) : (
          <>
            <p>{t("unsubscribe-text")}</p>
            <Wrong>{refusal.message}</Wrong>
            <div>
              <button type="button" class="btn go" aria-disabled={isBusy} onClick={() => void end()}>
                {t("unsubscribe")}
              </button>
            </div>
          </>
        )}
        <p>
          <Link href="/">{t("to-the-realm")}</Link>
        </p>
      </div>
    </main>
  );
}
