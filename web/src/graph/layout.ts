/**
 * Where the nodes of a graph stand. d3-force computes it in slices, so that the page answers keys
 * between them, and nothing is drawn before all of it is done. It is no worker's job: the address of a worker
 * needs a Trusted Types policy, and the page allows none.
 */
import {
  type SimulationNodeDatum,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
} from "d3-force";

import type { Graph, GraphEdge, GraphNode } from "../model";

export interface Place {
  x: number;
  y: number;
}
export interface Drawn extends GraphNode, Place {}
export interface Drawing {
  nodes: Drawn[];
  edges: GraphEdge[];
  width: number;
  height: number;
}

const TICKS = 300; // d3-force's own number, after which it stands still
const SLICE = 8; // milliseconds
const MARGIN = 36;

/** Between two nodes stands one edge: the stronger of the two directions. */
export function undirected(edges: GraphEdge[]): GraphEdge[] {
  const strongest = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = [edge.source, edge.target].sort((a, b) => a - b).join(" ");
    const known = strongest.get(key);
    if (!known || edge.strength > known.strength) strongest.set(key, edge);
  }
  return [...strongest.values()];
}

/** Moves and stretches the places so that they fill the box. */
function fitted<T extends Place>(places: T[], width: number, height: number): T[] {
  const xs = places.map(({ x }) => x);
  const ys = places.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const scale = Math.min(
    (width - 2 * MARGIN) / (wide || 1),
    (height - 2 * MARGIN) / (high || 1),
    2,
  );
  return places.map((place) => ({
    ...place,
    x: Math.round(width / 2 + (place.x - left - wide / 2) * scale),
    y: Math.round(height / 2 + (place.y - top - high / 2) * scale),
  }));
}

export async function layout(
  graph: Graph,
  width: number,
  height: number,
  signal: AbortSignal,
): Promise<Drawing> {
  const edges = undirected(graph.edges);
  const nodes = graph.nodes.map((node) => ({ ...node }) as GraphNode & SimulationNodeDatum);
  const links = edges.map(({ source, target, strength }) => ({ source, target, strength }));
  const simulation = forceSimulation(nodes)
    .force(
      "link",
      forceLink<(typeof nodes)[number], (typeof links)[number]>(links)
        .id(({ id }) => id)
        .distance(({ strength }) => 90 - 40 * strength),
    )
    .force("charge", forceManyBody().strength(-160))
    .force("apart", forceCollide(20))
    .force("x", forceX(0).strength(0.06 * (height / width)))
    .force("y", forceY(0).strength(0.06))
    .stop();
  for (let tick = 0; tick < TICKS && !signal.aborted;) {
    const end = performance.now() + SLICE;
    while (tick < TICKS && performance.now() < end) {
      simulation.tick();
      tick++;
    }
    await new Promise((go) => setTimeout(go));
  }
  const places = nodes.map((node) => ({ ...node, x: node.x ?? 0, y: node.y ?? 0 }));
  return { nodes: fitted(places, width, height), edges, width, height };
}
