/** What the user's twin did not use for an answer, since its readers may not read it: for the user alone. */
import { AEON, get } from "../api";
import { t } from "../text";
import { Seal } from "./marks";
import { useLoaded } from "./ui";

interface Held {
  kind: string;
  id: string;
  content: string;
}

const SHOWN = 3;

export function HeldBack({ turn_id }: { turn_id: number }) {
  const held = useLoaded(
    (signal) => get<Held[]>(`${AEON}/turns/${turn_id}/held-back`, signal),
    [turn_id],
  );
  const texts = held.value ?? [];
  if (texts.length === 0) return null;
  return (
    <div class="held">
      <Seal reach={0} />
      <div>
        <p>
          <b>{t("held-back")}</b> {t("held-back-text", { count: texts.length })}
        </p>
        {texts.slice(0, SHOWN).map(({ kind, id, content }) => (
          <p key={`${kind} ${id}`} class="lines small">
            “{content}”
          </p>
        ))}
      </div>
    </div>
  );
}
