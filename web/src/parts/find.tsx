/** Searches: their box and their text, and finding a person by name. */
import { useEffect, useState } from "preact/hooks";

import { PHASE3, USERS, get, query } from "../api";
import { nameOf } from "../format";
import type { Person, User } from "../model";
import { Disc } from "./marks";
import { SearchBox, useLoaded } from "./ui";

const PAUSE = 150; // milliseconds without a key before the realm is asked
const MOST = 8;

/** Users with a name that begins with the text. Without a text: suggestions. */
export async function findPeople(text: string, signal: AbortSignal): Promise<Person[]> {
  if (text) {
    const users = await get<(Omit<User, "id"> & { id?: number; user_id?: number })[]>(
      `${USERS}${query({ q: text, limit: MOST })}`,
      signal,
    );
    return users.map((user) => ({ ...user, user_id: user.user_id ?? user.id! }));
  }
  return get<Person[]>(`${PHASE3}/social/suggestions?limit=${MOST}`, signal);
}

/** The text of a search, a moment after its last key. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text.trim());
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** A box to search in, and its text a moment after the last key. `onType` is called at each key. */
export function useSearchBox(
  label: string,
  { onType, ...input }: { maxLength?: number; onType?: () => void } = {},
) {
  const [typed, setTyped] = useState("");
  const onInput = (text: string) => {
    setTyped(text);
    onType?.();
  };
  const box = <SearchBox label={label} value={typed} onInput={onInput} {...input} />;
  return [box, useSettled(typed)] as const;
}

/** What `find` gives for the text, a moment after the last key. */
export function useFound<T>(
  text: string,
  find: (text: string, signal: AbortSignal) => Promise<T[]>,
): T[] {
  const settled = useSettled(text);
  const found = useLoaded((signal) => find(settled, signal), [settled]);
  return found.error ? [] : (found.value ?? []);
}

export function FindPerson({
  label,
  onChoose,
}: {
  label: string;
  onChoose: (person: Person) => void;
}) {
  const [text, setText] = useState("");
  const people = useFound(text, findPeople);
  return (
    <div class="stack s">
      <SearchBox label={label} value={text} onInput={setText} />
      <ul class="list">
        {people.slice(0, MOST).map((person) => (
          <li key={person.user_id}>
            <button type="button" class="person pick" onClick={() => onChoose(person)}>
              <Disc id={person.user_id} name={nameOf(person)} size="s" />
              <span class="clip">
                <bdi>{nameOf(person)}</bdi>
              </span>
              <span class="small muted">@{person.username}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
