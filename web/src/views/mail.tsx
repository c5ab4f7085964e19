/** The mails of the realm: a code confirms the address, and the user chooses what a digest tells. */
import { useState } from "preact/hooks";

import { USERS, call, find } from "../api";
import type { Digest, MailSettings } from "../model";
import { ChoiceSetting } from "../parts/choice";
import { Field, Form, Show, Wrong, useAction, useLoaded } from "../parts/ui";
import { t } from "../text";

const MAIL = `${USERS}/me/mail`;

function ConfirmAddress({ onDone }: { onDone: () => void }) {
  const [isSent, setSent] = useState(false);
  const [ask, isAsking, unasked] = useAction(async () => {
    await call("POST", `${USERS}/me/email/verification`);
    setSent(true);
  });
  const [confirm, isBusy, refusal] = useAction(async ({ code }: Record<string, string>) => {
    await call("POST", `${USERS}/email/verified`, { code });
    onDone();
  });
  return (
    <Form class="stack" onSend={confirm}>
      <Field
        label={t("address-code")}
        hint={t("address-code-hint")}
        name="code"
        autoComplete="one-time-code"
        wrong={refusal.of("code")}
        required
      />
      <Wrong>{refusal.message || unasked.message}</Wrong>
      <div class="row">
        <button class="btn" aria-disabled={isBusy}>
          {t("confirm-address")}
        </button>
        <button type="button" class="link" aria-disabled={isAsking} onClick={() => void ask()}>
          {t("send-code")}
        </button>
        {isSent && (
          <span class="state" role="status">
            {t("mail-is-sent")}
          </span>
        )}
      </div>
    </Form>
  );
}

export function Mails() {
  // null: the realm sends no mail.
  const settings = useLoaded((signal) => find<MailSettings>(MAIL, signal), []);
  const [choose, , refusal] = useAction(async (digest: Digest) => {
    settings.set(await call("PUT", MAIL, { digest }));
  });
  if (!settings.value && !settings.error) return null;
  return (
    <section>
      <h2>{t("mails")}</h2>
      <Show of={settings}>
        {(now) =>
          now && (
            <>
              {!now.address_verified && <ConfirmAddress onDone={settings.again} />}
              <ChoiceSetting<Digest>
                title={t("digest-title")}
                text={t("digest-text")}
                label={t("mails")}
                value={now.digest}
                onChoose={(digest) => void choose(digest)}
                options={[
                  ["off", t("never")],
                  ["names", t("digest-names")],
                  ["texts", t("notices-texts")],
                ]}
              />
            </>
          )
        }
      </Show>
      <Wrong>{refusal.message}</Wrong>
    </section>
  );
}
