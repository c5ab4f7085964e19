/** The texts that an edited message had before, for its sender and the room's moderators. */
import { get } from "../api";
import { full } from "../format";
import { Markdown } from "../markdown";
import type { Message } from "../model";
import { messagePath } from "../store/store";
import { t } from "../text";
import { Dialog } from "./dialog";
import { Show, useLoaded } from "./ui";

interface FormerText {
  content: string;
  replaced_at: string;
}

export function FormerTexts({ message, onClose }: { message: Message; onClose: () => void }) {
  const texts = useLoaded(
    (signal) => get<FormerText[]>(`${messagePath(message)}/history`, signal),
    [],
  );
  return (
    <Dialog title={t("former-texts")} onClose={onClose}>
      <Show of={texts} lines={2}>
        {(list) =>
          list.length === 0 ? (
            <p class="muted">{t("no-former-texts")}</p>
          ) : (
            <ol class="stack">
              {list.map(({ content, replaced_at }) => (
                <li key={replaced_at} class="stack s">
                  <time class="small muted" dateTime={replaced_at}>
                    {t("until", { time: full(replaced_at) })}
                  </time>
                  <div class="read">
                    <Markdown text={content} />
                  </div>
                </li>
              ))}
            </ol>
          )
        }
      </Show>
    </Dialog>
  );
}
