import { expect, test } from "vitest";

import { byHour } from "../src/admin/hours";
import { layout, undirected } from "../src/graph/layout";
import { neighbours, stepTo } from "../src/graph/walk";
import type { Graph, GraphNode } from "../src/model";

const node = (id: number): GraphNode => ({
  id,
  username: `u${id}`,
  full_name: null,
  twin: null,
  distance: id === 1 ? 0 : 1,
});
const edge = (source: number, target: number, strength = 0.5) => ({
  source,
  target,
  type: "friend",
  strength,
});
const never = new AbortController().signal;

test("between two people stands one tie, the stronger one", () => {
  expect(undirected([edge(1, 2, 0.2), edge(2, 1, 0.7), edge(1, 3)])).toEqual([
    edge(2, 1, 0.7),
    edge(1, 3),
  ]);
});

test("everybody stands inside of the picture, at a place of their own, and always at the same one", async () => {
  const people = Array.from({ length: 60 }, (_, index) => index + 1);
  const graph: Graph = {
    nodes: people.map(node),
    edges: people.slice(1).map((id) => edge((id % 7) + 1, id)),
  };
  const drawing = await layout(graph, 600, 400, never);
  for (const { x, y } of drawing.nodes) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(600);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(400);
  }
  expect(new Set(drawing.nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(60);
  expect((await layout(graph, 600, 400, never)).nodes).toEqual(drawing.nodes);
});

test("one person alone is in the middle", async () => {
  const { nodes } = await layout({ nodes: [node(1)], edges: [] }, 600, 400, never);
  expect(nodes[0]).toMatchObject({ x: 300, y: 200 });
});

test("minutes are added up by the hour", () => {
  const minute = (at: string, requests: number) => ({
    at,
    requests,
    mean_ms: 1,
    refused: 1,
    messages: 2,
    connections: 3,
    load: 0.5,
    reasons: [],
  });
  const hours = byHour([
    minute("2026-11-26T09:59:00Z", 1),
    minute("2026-11-26T10:00:00Z", 2),
    minute("2026-11-26T10:01:00Z", 3),
  ]);
  expect(hours).toEqual([
    { at: "2026-11-26T09:59:00Z", requests: 1, messages: 2, refused: 1 },
    { at: "2026-11-26T10:00:00Z", requests: 5, messages: 4, refused: 2 },
  ]);
});

test("an arrow goes along a tie, to the neighbour in its direction", () => {
  const at = (id: number, x: number, y: number) => ({ ...node(id), x, y });
  const drawing = {
    nodes: [at(1, 100, 100), at(2, 200, 110), at(3, 50, 100), at(4, 190, 100)],
    edges: [edge(1, 2), edge(3, 1)],
    width: 300,
    height: 200,
  };
  const from = drawing.nodes[0]!;
  expect(stepTo(drawing, from, "ArrowRight")?.id).toBe(2); // 4 is nearer, but has no tie
  expect(stepTo(drawing, from, "ArrowLeft")?.id).toBe(3);
  expect(stepTo(drawing, from, "ArrowUp")).toBeUndefined();
  expect(neighbours(drawing, 1)).toEqual(new Set([2, 3]));
});
