import { afterEach, expect, test, vi } from "vitest";

import type { Knowledge } from "../src/model";
import {
  ChangedMeanwhile,
  type Written,
  changesOf,
  savePiece,
  tagsOf,
  textOfTags,
} from "../src/store/knowledge";

const piece = {
  id: 7,
  title: "Drains",
  content: "Clear them in March.",
  tags: ["house", "wet rooms"],
  visibility: "public",
  upvotes: 0,
} as Knowledge;
const written = (more: Partial<Written> = {}): Written => {
  const { title, content, tags, visibility } = piece;
  return { title: title!, content: content!, tags, visibility, ...more };
};

/** A realm that has the piece in this version. Returns the bodies of the changes that it takes. */
function startRealm(now: Knowledge, version: string) {
  const taken: unknown[] = [];
  vi.stubGlobal("fetch", async (_path: string, { method, body, headers }: RequestInit) => {
    const json = (status: number, value: unknown) =>
      new Response(JSON.stringify(value), { status, headers: { ETag: version } });
    if (method === "GET") return json(200, now);
    if ((headers as Record<string, string>)["If-Match"] !== version)
      return json(412, { code: "precondition_failed", detail: "It has changed." });
    taken.push(JSON.parse(String(body)));
    return json(200, now);
  });
  return taken;
}
afterEach(() => vi.unstubAllGlobals());

test("tags of several words stay whole", () => {
  expect(tagsOf(textOfTags(piece.tags))).toEqual(piece.tags);
  expect(tagsOf(" #house, #wet rooms ,")).toEqual(piece.tags);
});

test("only what differs is changed", () => {
  expect(changesOf(piece, written())).toEqual({});
  expect(changesOf(piece, written({ title: null, tags: ["house"] }))).toEqual({
    title: null,
    tags: ["house"],
  });
});

test("a piece is saved in the version that was read", async () => {
  const taken = startRealm(piece, '"1"');
  await savePiece({ value: piece, etag: '"1"' }, written({ content: "Clear them in May." }));
  await savePiece({ value: piece, etag: '"1"' }, written());
  expect(taken).toEqual([{ content: "Clear them in May." }]);
});

test("a vote since then does not keep the piece from being saved", async () => {
  const taken = startRealm({ ...piece, upvotes: 1 }, '"2"');
  await savePiece({ value: piece, etag: '"1"' }, written({ content: "Clear them in May." }));
  expect(taken).toEqual([{ content: "Clear them in May." }]);
});

test("what another device has written since then is not overwritten unseen", async () => {
  const latest = { ...piece, tags: ["house"] };
  const taken = startRealm(latest, '"2"');
  const mine = written({ content: "Clear them in May." });
  const refused = await savePiece({ value: piece, etag: '"1"' }, mine).catch((error) => error);
  expect(refused).toBeInstanceOf(ChangedMeanwhile);
  expect(refused.latest).toEqual({ value: latest, etag: '"2"' });
  expect(taken).toEqual([]);
  await savePiece(refused.latest, mine);
  expect(taken).toEqual([{ content: "Clear them in May.", tags: piece.tags }]);
});
