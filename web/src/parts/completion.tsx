/** Completion of names: what may follow an @ in a text, chosen by keyboard or pointer. */
import { useMemo, useState } from "preact/hooks";

import { nameOf } from "../format";
import type { Member } from "../model";
import { t } from "../text";
import { Disc, Icon } from "./marks";

const MOST = 6;
const BEGUN = /(?:^|[^\w.-])@([\w.-]{0,50})$/;

/** What stands out behind an @. */
export function useUsernames(members: Member[] | undefined) {
  return useMemo(
    () => new Set(["room", ...(members ?? []).map(({ username }) => username.toLowerCase())]),
    [members],
  );
}

export interface Choice {
  username: string;
  member: Member | null; // null: the whole room
}

/** The name that is being written before the caret, without its @; null: none is. */
export const begunName = (text: string, caret: number) =>
  BEGUN.exec(text.slice(0, caret))?.[1] ?? null;

/** The text with the chosen name for the begun one, and the place of the caret behind it. */
export function completed(text: string, caret: number, begun: string, username: string) {
  const before = text.slice(0, caret - begun.length) + username + " ";
  return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
}

/** Members with a username, or a word of the full name, that begins so; and @room for moderators. */
export function choicesFor(
  begun: string,
  members: Member[],
  me: number,
  isModerator: boolean,
): Choice[] {
  const wanted = begun.toLowerCase();
  const begins = (text: string) => text.toLowerCase().startsWith(wanted);
  const found: Choice[] = members
    .filter(
      ({ user_id, username, full_name }) =>
        user_id !== me && (begins(username) || (full_name ?? "").split(/\s+/).some(begins)),
    )
    .sort((a, b) => Number(begins(b.username)) - Number(begins(a.username)))
    .map((member) => ({ username: member.username, member }));
  const isWhole = isModerator && begins("room");
  return [...found.slice(0, MOST), ...(isWhole ? [{ username: "room", member: null }] : [])];
}

/** The list that stands above the text. `onKey` tells whether the key was for the list. */
export function useCompletion(
  begun: string | null,
  members: Member[],
  me: number,
  isModerator: boolean,
  choose: (username: string) => void,
) {
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState<string | null>(null); // the begun name that was left alone
  const choices = begun === null || begun === closed ? [] : choicesFor(begun, members, me, isModerator);
  const here = Math.min(at, choices.length - 1);
  const onKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (choices.length === 0) return false;
    if (step) setAt((here + step + choices.length) % choices.length);
    else if (event.key === "Escape") setClosed(begun);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab")
      choose(choices[here]!.username);
    else return false;
    event.preventDefault();
    return true;
  };
  const list = choices.length > 0 && (
    <ul class="list names" role="listbox" id="names" aria-label={t("name-somebody")}>
      {choices.map(({ username, member }, index) => (
        <li
          key={username}
          id={`name-${index}`}
          role="option"
          aria-selected={index === here}
          class="hit"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(username)}
        >
          {member ? <Disc id={member.user_id} name={nameOf(member)} size="s" /> : <Icon name="Users" />}
          <span class="grow clip">
            <bdi>{member ? nameOf(member) : t("whole-room")}</bdi>
          </span>
          <span class="small muted">@{username}</span>
        </li>
      ))}
    </ul>
  );
  return {
    list,
    onKey,
    attributes: {
      "aria-autocomplete": "list",
      "aria-controls": choices.length ? "names" : undefined,
      "aria-activedescendant": choices.length ? `name-${here}` : undefined,
    } as const,
    said: choices.length ? t("names-found", { count: choices.length }) : "",
  };
}
