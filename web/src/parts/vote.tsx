/** Voting for and against a piece of knowledge. */
import { call } from "../api";
import type { Knowledge } from "../model";
import { KNOWLEDGE } from "../store/knowledge";
import { me } from "../store/store";
import { t } from "../text";
import { Icon } from "./marks";
import { useAction } from "./ui";

export function Vote({ item, onVoted }: { item: Knowledge; onVoted: (item: Knowledge) => void }) {
  const score = item.upvotes - item.downvotes;
  const [vote, , refusal] = useAction(async (value: "up" | "down") => {
    const isBack = item.my_vote === value;
    const path = `${KNOWLEDGE}/${item.id}/${isBack ? "vote" : `${value}vote`}`;
    const counts = await call<{ upvotes: number; downvotes: number }>(
      isBack ? "DELETE" : "POST",
      path,
    );
    onVoted({ ...item, ...counts, my_vote: isBack ? null : value });
  });
  if (item.creator_id === me.value?.id)
    return (
      <div class="vote own">
        <b>{score}</b>
        <span class="xs">{t("yours")}</span>
      </div>
    );
  return (
    <div class="vote">
      <button
        type="button"
        aria-label={t("vote-for")}
        aria-pressed={item.my_vote === "up"}
        onClick={() => vote("up")}
      >
        <Icon name="ChevronUp" />
      </button>
      <b>{score}</b>
      <button
        type="button"
        aria-label={t("vote-against")}
        aria-pressed={item.my_vote === "down"}
        onClick={() => vote("down")}
      >
        <Icon name="ChevronDown" />
      </button>
      {refusal.message && (
        <span class="sr" role="alert">
          {refusal.message}
        </span>
      )}
    </div>
  );
}
