/** Search or jump: rooms, people, knowledge and messages, by the keyboard. */
import { signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, get, knowledgeTitle, query } from "../api";
import { nameOf } from "../format";
import type { Knowledge, Message, Person } from "../model";
import { rooms } from "../store/store";
import { t } from "../text";
import { Dialog } from "./dialog";
import { findPeople, useFound } from "./find";
import { Disc, Icon, Ring } from "./marks";
import { Snippet } from "./snippet";
import { SearchBox } from "./ui";

const MOST = 6;
type Found = Message & { room_name: string; snippet: string };

const knowledgeHit = (item: Knowledge): Hit => ({
  href: `/knowledge/${item.id}`,
  text: knowledgeTitle(item),
  icon: "BookOpen",
});
const messageHit = ({ room_id, message_id, sender_name, twin, room_name, snippet }: Found): Hit => ({
  href: `/rooms/${room_id}?at=${message_id}`,
  text: snippet,
  icon: "MessageCircle",
  twin: twin?.name,
  note: t("said-in", {
    person: twin ? t("twin-of", { person: sender_name }) : sender_name,
    room: room_name,
  }),
});

/** One after the other: the realm lets a user have one search in work. */
async function findTexts(text: string, signal: AbortSignal): Promise<Hit[]> {
  if (!text) return [];
  const asked = { q: text, limit: MOST };
  const knowledge = await get<Knowledge[]>(
    `${PHASE3}/knowledge${query({ ...asked, sort: "relevant" })}`,
    signal,
  );
  const messages = await get<Found[]>(
    `${PHASE3}/messages${query({ ...asked, sort: "best" })}`,
    signal,
  ).catch(() => []);
  return [...knowledge.map(knowledgeHit), ...messages.map(messageHit)];
}
const findSomebody = async (text: string, signal: AbortSignal) =>
  text ? findPeople(text, signal) : [];

export const isPaletteOpen = signal(false);
export const openPalette = () => void (isPaletteOpen.value = true);

interface Hit {
  href: string;
  text: string;
  icon?: string;
  person?: Person;
  twin?: string | undefined;
  note?: string;
}

const onClose = () => void (isPaletteOpen.value = false);

export function Palette() {
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const people = useFound(text, findSomebody);
  const texts = useFound(text, findTexts);
  const hits = useMemo<Hit[]>(() => {
    const wanted = text.trim().toLowerCase();
    const places = [{ href: "/mentions", text: t("your-mentions"), icon: "AtSign" }];
    const inside = rooms.value.filter(({ name, topic }) =>
      `${name} ${topic ?? ""}`.toLowerCase().includes(wanted),
    );
    return [
      ...inside
        .slice(0, MOST)
        .map(({ id, name }) => ({ href: `/rooms/${id}`, text: name, icon: "House" })),
      ...places.filter((place) => place.text.toLowerCase().includes(wanted)),
      ...people
        .slice(0, MOST)
        .map((person) => ({ href: `/people/${person.user_id}`, text: nameOf(person), person })),
      ...texts,
    ];
  }, [text, people, texts]);
  const here = Math.min(at, hits.length - 1);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(hit.href);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) setAt((here + step + hits.length) % hits.length);
    else if (event.key === "Enter") go(hits[here]);
    else if (event.key === "Escape") onClose(); // a search field would only be emptied
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("search-or-jump")} onClose={onClose}>
      <SearchBox
        label={t("search-or-jump")}
        value={text}
        role="combobox"
        aria-expanded="true"
        aria-controls="hits"
        aria-activedescendant={hits.length ? `hit-${here}` : undefined}
        autoFocus
        onKeyDown={onKey}
        onInput={(next) => {
          setText(next);
          setAt(0);
        }}
      />
      <ul class="list" role="listbox" id="hits" aria-label={t("results")}>
        {hits.map((hit, index) => (
          <li
            key={hit.href}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === here}
            class="hit"
            onClick={() => go(hit)}
          >
            {hit.person ? (
              <Disc id={hit.person.user_id} name={hit.text} size="s" />
            ) : hit.twin ? (
              <Ring name={hit.twin} size="s" />
            ) : (
              <Icon name={hit.icon!} />
            )}
            <span class="grow clip">
              <bdi>
                <Snippet text={hit.text} />
              </bdi>
            </span>
            {hit.note && <span class="small muted clip">{hit.note}</span>}
          </li>
        ))}
      </ul>
      {text && hits.length === 0 && <p class="muted">{t("nothing-found", { text })}</p>}
    </Dialog>
  );
}
