/** A drawn graph: its nodes are buttons. One is a tab stop, and arrows go along the ties. */
import { useRef } from "preact/hooks";

import { nameOf } from "../format";
import { t } from "../text";
import type { Drawing, Drawn } from "./layout";
import { isArrow, stepTo } from "./walk";

const RADIUS = [15, 11, 7]; // by distance
const REACH = 13; // of a finger
const ROOM_OF_A_NAME = 48; // pixels of the width: so many of the nearest people are named

const radiusOf = ({ distance }: Drawn) => RADIUS[Math.min(distance, 2)]!;

function labelOf(node: Drawn): string {
  if (node.distance === 0) return t("you");
  const values = { person: nameOf(node), twin: node.twin?.name ?? "" };
  return node.twin ? t("node-with-twin", values) : values.person;
}

function Node({ node, isHere, isNamed }: { node: Drawn; isHere: boolean; isNamed: boolean }) {
  const radius = radiusOf(node);
  const isMe = node.distance === 0;
  return (
    <>
      <circle class="touch" r={Math.max(REACH, radius)} />
      {isHere && <circle class="focus" r={radius + 6} />}
      <circle class={isMe ? "n me" : `n n${(node.id % 6) + 1}`} r={radius} />
      {node.twin && (
        <>
          <circle class="ring" r={radius + 2.5} />
          <circle class="ring" r={radius - 2.5} />
        </>
      )}
      {isNamed && (
        <text y={-radius - 7} text-anchor="middle">
          {isMe ? t("you") : nameOf(node)}
        </text>
      )}
    </>
  );
}

export function Picture({
  drawing,
  here,
  onSelect,
  onOpen,
}: {
  drawing: Drawing;
  here: number;
  onSelect: (id: number) => void;
  onOpen: (id: number) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const { nodes, edges, width, height } = drawing;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const me = nodes[0]!.id;
  const named = new Set(
    [...edges]
      .filter(({ source, target }) => source === me || target === me)
      .sort((a, b) => b.strength - a.strength)
      .slice(0, Math.floor(width / ROOM_OF_A_NAME))
      .flatMap(({ source, target }) => [source, target]),
  );
  const goTo = (node: Drawn | undefined) => {
    if (!node) return;
    onSelect(node.id);
    svg.current?.querySelector<SVGGElement>(`[data-node="${node.id}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const node = byId.get(here)!;
    if (isArrow(event.key)) goTo(stepTo(drawing, node, event.key));
    else if (event.key === "Home") goTo(nodes[0]);
    else if (event.key === "Enter" || event.key === " ") onOpen(here);
    else return;
    event.preventDefault();
  };
  return (
    <svg
      ref={svg}
      class="graph"
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={t("network")}
      onKeyDown={onKey}
    >
      {edges.map(({ source, target, strength }) => {
        const [from, to] = [byId.get(source)!, byId.get(target)!];
        const isMine = source === me || target === me;
        return (
          <line
            key={`${source} ${target}`}
            class={isMine ? "e mine" : "e"}
            x1={from.x}
            y1={from.y}
            x2={to.x}
            y2={to.y}
            stroke-width={(0.75 + 2.5 * strength).toFixed(2)}
          />
        );
      })}
      {nodes.map((node) => (
        <g
          key={node.id}
          data-node={node.id}
          role="button"
          tabIndex={node.id === here ? 0 : -1}
          aria-label={labelOf(node)}
          aria-pressed={node.id === here}
          transform={`translate(${node.x} ${node.y})`}
          onFocus={() => onSelect(node.id)}
          onClick={(event) => (event.detail === 0 ? onOpen(node.id) : onSelect(node.id))}
        >
          <title>{labelOf(node)}</title>
          <Node
            node={node}
            isHere={node.id === here}
            isNamed={named.has(node.id) || node.id === here}
          />
        </g>
      ))}
    </svg>
  );
}
