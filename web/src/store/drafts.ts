/** What the user has begun to write in each room. It survives a reload, and ends with the session. */

const PREFIX = "aeon.draft.";
export interface Draft {
  text: string;
  reply_to?: string | null;
}

const keyOf = (user_id: number, room_id: string) => `${PREFIX}${user_id}.${room_id}`;

export function draftOf(storage: Storage, user_id: number, room_id: string): Draft {
  try {
    const draft = JSON.parse(storage.getItem(keyOf(user_id, room_id)) ?? "null") as Draft | null;
    return typeof draft?.text === "string" ? draft : { text: "" };
  } catch {
    return { text: "" };
  }
}

/** Returns whether the draft is kept: a browser may refuse to store anything. */
export function keepDraft(
  storage: Storage,
  user_id: number,
  room_id: string,
  draft: Draft,
): boolean {
  try {
    const key = keyOf(user_id, room_id);
    if (draft.text || draft.reply_to) storage.setItem(key, JSON.stringify(draft));
    else storage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

export function wipeDrafts(storage: Storage) {
  for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
}
