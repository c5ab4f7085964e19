/** An invitation's link, followed by a user who is signed in. Nobody comes into a room unasked. */
import { useLocation } from "wouter-preact";

import { joinByInvite } from "../api";
import { Wrong, useAction } from "../parts/ui";
import { Bar } from "../shell";
import { t } from "../text";

export function JoinView({ code }: { code: string }) {
  const [, navigate] = useLocation();
  const [join, isBusy, refusal] = useAction(async () => {
    navigate(`/rooms/${await joinByInvite(code)}`, { replace: true });
  });
  return (
    <main class="main" id="main">
      <Bar title={t("invitation-title")} />
      <div class="page narrow stack">
        <p>{t("invitation-text")}</p>
        <Wrong>{refusal.message}</Wrong>
        <div>
          <button type="button" class="btn go" aria-disabled={isBusy} onClick={() => join()}>
            {t("come-in")}
          </button>
        </div>
      </div>
    </main>
  );
}
