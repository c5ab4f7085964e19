/** The knowledge that a message shares, as a card that opens the text. */
import type { Shared } from "../model";
import { t } from "../text";
import { Link } from "./link";
import { Audience, VISIBILITY, visibilityText } from "./marks";

export function SharedCard({ shared }: { shared: Shared | null }) {
  if (!shared) return <p class="gone">{t("shared-not-for-you")}</p>;
  const { knowledge_id, title, excerpt, creator_name, visibility } = shared;
  return (
    <Link class="shared" href={`/knowledge/${knowledge_id}`}>
      <Audience reach={VISIBILITY[visibility]!}>{visibilityText(visibility)}</Audience>
      <b class="lines">
        <bdi>{title}</bdi>
      </b>
      {excerpt !== title && <span class="small lines">{excerpt}</span>}
      <span class="small muted">{t("knowledge-by", { person: creator_name })}</span>
    </Link>
  );
}
