/** A letter to the twin of another user. */
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, call } from "../api";
import { nameOf } from "../format";
import type { Interaction, User } from "../model";
import { t } from "../text";
import { Switch } from "./choice";
import { FormDialog } from "./dialog";
import { Audience } from "./marks";
import { Area } from "./ui";

export const LETTERS = `${PHASE3}/aeon/interactions`;
export const LONGEST_LETTER = 8000;

export function AskTwin({ user, onClose }: { user: User; onClose: () => void }) {
  const [, navigate] = useLocation();
  const [isPublic, setPublic] = useState(false);
  const person = nameOf(user);
  const ask = async ({ content }: Record<string, string>) => {
    const letter = await call<Interaction>("POST", LETTERS, {
      target_aeon_user_id: user.id,
      interaction_type: "question",
      content,
      is_public: isPublic,
    });
    navigate(`/letters/${letter.id}`);
  };
  return (
    <FormDialog
      title={t("ask-twin-of", { person })}
      button={t("send")}
      kind="twin"
      onSend={ask}
      onClose={onClose}
    >
      {(refusal) => (
        <>
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
        </>
      )}
    </FormDialog>
  );
}
