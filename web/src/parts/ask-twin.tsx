/** A letter to the twin of another user. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, call } from "../api";
import { nameOf } from "../format";
import type { Interaction, User } from "../model";
import { t } from "../text";
import { Audience } from "./marks";
import { Area, Dialog, Form, Switch, Wrong, useAction } from "./ui";

export const LETTERS = `${PHASE3}/aeon/interactions`;
export const LONGEST_LETTER = 8000;

export function AskTwin({ user, onClose }: { user: User; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [isPublic, setPublic] = useState(false);
  const [run, isBusy, refusal] = useAction(async ({ content }: Record<string, string>) => {
    const letter = await call<Interaction>("POST", LETTERS, {
      target_aeon_user_id: user.id,
      interaction_type: "question",
      content,
      is_public: isPublic,
    });
    onClose();
    navigate(`/letters/${letter.id}`);
  });
  const person = nameOf(user);
  return (
    <Dialog title={t("ask-twin-of", { person })} onClose={onClose}>
      <Form class="stack" onSend={run}>
        <Area
          label={t("your-question")}
          name="content"
          maxLength={LONGEST_LETTER}
          wrong={refusal.of("content")}
          autoFocus
          required
        />
        <div class="row">
          <Switch label={t("letter-is-public")} on={isPublic} onChange={setPublic} />
          <Audience reach={isPublic ? 2 : 1}>
            {isPublic ? t("letter-is-public") : t("both-read", { one: t("you"), other: person })}
          </Audience>
        </div>
        <Wrong>{refusal.message}</Wrong>
        <div class="row">
          <button class="btn twin" aria-disabled={isBusy}>
            {t("send")}
          </button>
          <button type="button" class="btn quiet" onClick={onClose}>
            {t("cancel")}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
