/** Why a twin said something: its sources, as far as this reader may see them. */
import type { Source } from "../model";
import { t } from "../text";
import { Dialog } from "./dialog";
import { Link } from "./link";

const KINDS: Record<string, string> = {
  knowledge: "source-knowledge",
  memory: "source-memory",
  message: "source-message",
  question: "source-letter",
  response: "source-letter",
  chat: "source-chat",
};

export const sourceText = (kind: string) => t(KINDS[kind] ?? "source-text");

/** The texts, with their weights where there are some. */
export function Sources({ sources }: { sources: Source[] }) {
  const most = Math.max(...sources.map(({ score = 0 }) => score));
  return (
    <ul>
      {sources.map(({ kind, id, score, cited }) => {
        const name = sourceText(kind);
        return (
          <li key={`${kind} ${id}`} class={score === undefined ? "plain" : ""}>
            {score !== undefined && (
              <svg class="w" viewBox="0 0 56 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width={most > 0 ? (56 * score) / most : 0} height="6" />
              </svg>
            )}
            <span>
              {kind === "knowledge" ? <Link href={`/knowledge/${id}`}>{name}</Link> : name}
              {cited && ` · ${t("is-cited")}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

export function Why({
  cites,
  isApproved,
  onClose,
}: {
  cites: Source[] | null;
  isApproved: boolean;
  onClose: () => void;
}) {
  return (
    <Dialog title={t("why")} onClose={onClose}>
      <div class="why">
        {cites?.length ? <Sources sources={cites} /> : <p>{t("why-nothing")}</p>}
      </div>
      {isApproved && <p class="small muted">{t("why-approved")}</p>}
      <p class="small muted">{t("why-hidden")}</p>
    </Dialog>
  );
}
