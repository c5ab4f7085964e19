/** Walking through a drawn graph by the arrow keys, along its ties. */
import type { Drawing, Drawn } from "./layout";

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
export const isArrow = (key: string) => key in DIRECTIONS;

export function neighbours({ edges }: Pick<Drawing, "edges">, id: number): Set<number> {
  const found = new Set<number>();
  for (const { source, target } of edges) {
    if (source === id) found.add(target);
    if (target === id) found.add(source);
  }
  return found;
}

/** The neighbour that lies best in the direction of the key, or undefined. */
export function stepTo(drawing: Drawing, from: Drawn, key: string): Drawn | undefined {
  const [right, down] = DIRECTIONS[key]!;
  const near = neighbours(drawing, from.id);
  const angle = (node: Drawn) => {
    const [x, y] = [node.x - from.x, node.y - from.y];
    return (x * right + y * down) / (Math.hypot(x, y) || 1); // 1: straight there
  };
  return drawing.nodes
    .filter((node) => near.has(node.id) && angle(node) > 0.2)
    .sort((a, b) => angle(b) - angle(a))[0];
}
