/** Changing a piece of knowledge, which another device may have changed meanwhile. */
import { ApiError, PHASE3, type Versioned, getVersioned, patch } from "../api";
import type { Knowledge } from "../model";
import { t } from "../text";

export const KNOWLEDGE = `${PHASE3}/knowledge`;

export const pieceOf = (id: number, signal?: AbortSignal) =>
  getVersioned<Knowledge>(`${KNOWLEDGE}/${id}`, signal);

/** What a user writes of a piece. Without a title its first line stands for it. */
export interface Written {
  title: string | null;
  content: string;
  tags: string[];
  visibility: Knowledge["visibility"];
}

/** A tag may have several words, so commas are between tags. */
export const textOfTags = (tags: string[]) => tags.join(", ");
export const tagsOf = (text: string) =>
  text
    .split(/[,#]/)
    .map((tag) => tag.trim())
    .filter(Boolean);

/** The fields of `now` that differ from the piece. */
export const changesOf = (piece: Knowledge, now: Written): Partial<Written> =>
  Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(piece[name as keyof Written]),
    ),
  );

const isEmpty = (changes: Partial<Written>) => Object.keys(changes).length === 0;

const isSame = (piece: Knowledge, { title, content, tags, visibility }: Knowledge) =>
  isEmpty(changesOf(piece, { title: title ?? null, content: content ?? "", tags, visibility }));

/** What the user writes of has been changed since it was read. */
export class ChangedMeanwhile extends Error {
  constructor(readonly latest: Versioned<Knowledge>) {
    super(t("changed-meanwhile"));
  }
}

/** Saves what differs from the piece that was read. Throws ChangedMeanwhile. */
export async function savePiece(read: Versioned<Knowledge>, now: Written): Promise<void> {
  const path = `${KNOWLEDGE}/${read.value.id}`;
  const changes = changesOf(read.value, now);
  if (isEmpty(changes)) return;
  try {
    await patch(path, read.etag, changes);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "precondition_failed")) throw error;
    const latest = await pieceOf(read.value.id);
    if (!isSame(latest.value, read.value)) throw new ChangedMeanwhile(latest);
    await patch(path, latest.etag, changes); // a vote has changed the version
  }
}
