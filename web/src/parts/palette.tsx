/** Search or jump: rooms, people and knowledge, by the keyboard. */
import { signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { PHASE3, get, knowledgeTitle, query } from "../api";
import { nameOf } from "../format";
import type { Knowledge, Person } from "../model";
import { rooms } from "../store/store";
import { t } from "../text";
import { findPeople, useFound } from "./find";
import { Disc, Icon } from "./marks";
import { Dialog, SearchBox } from "./ui";

const MOST = 6;
const findKnowledge = async (text: string, signal: AbortSignal) =>
  text
    ? get<Knowledge[]>(
        `${PHASE3}/knowledge${query({ q: text, sort: "relevant", limit: MOST })}`,
        signal,
      )
    : [];
const findSomebody = async (text: string, signal: AbortSignal) =>
  text ? findPeople(text, signal) : [];

export const isPaletteOpen = signal(false);
export const openPalette = () => void (isPaletteOpen.value = true);

interface Hit {
  href: string;
  text: string;
  icon?: string;
  person?: Person;
}

const onClose = () => void (isPaletteOpen.value = false);

export function Palette() {
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const people = useFound(text, findSomebody);
  const knowledge = useFound(text, findKnowledge);
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
      ...knowledge.slice(0, MOST).map((item) => ({
        href: `/knowledge/${item.id}`,
        text: knowledgeTitle(item),
        icon: "BookOpen",
      })),
    ];
  }, [text, people, knowledge]);
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
            ) : (
              <Icon name={hit.icon!} />
            )}
            <span class="clip">
              <bdi>{hit.text}</bdi>
            </span>
          </li>
        ))}
      </ul>
      {text && hits.length === 0 && <p class="muted">{t("nothing-found", { text })}</p>}
    </Dialog>
  );
}
