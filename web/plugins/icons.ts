/**
 * Draws the icons of the client into one SVG file at build time. `import { sprite } from
 * "virtual:icons"` gives its address; each icon is a symbol with its lucide name.
 */
import * as lucide from "lucide";
import type { Plugin } from "vite";

type Shape = [tag: string, attributes: Record<string, string | number>];

export const NAMES = [
  "ArrowDown",
  "ArrowLeft",
  "ArrowUp",
  "AtSign",
  "Ban",
  "BellOff",
  "BookOpen",
  "Check",
  "ChevronDown",
  "ChevronUp",
  "CircleAlert",
  "Clock",
  "CornerDownRight",
  "Download",
  "Ellipsis",
  "Eye",
  "Flag",
  "Hash",
  "History",
  "House",
  "Link",
  "Lock",
  "LogOut",
  "MessageCircle",
  "Monitor",
  "Pencil",
  "Pin",
  "PinOff",
  "Plus",
  "Reply",
  "Search",
  "Settings",
  "Share2",
  "Shield",
  "Smartphone",
  "SmilePlus",
  "Trash2",
  "UserPlus",
  "Users",
  "Waypoints",
  "WifiOff",
  "X",
] as const;

const TWIN: Shape[] = [
  ["circle", { cx: 9, cy: 12, r: 4.2 }],
  ["circle", { cx: 14, cy: 12, r: 7.2 }],
];

function symbol(name: string, shapes: Shape[]): string {
  const drawn = shapes.map(([tag, attributes]) => {
    const pairs = Object.entries(attributes).filter(([key]) => key !== "key");
    return `<${tag} ${pairs.map(([key, value]) => `${key}="${value}"`).join(" ")}/>`;
  });
  return `<symbol id="${name}" viewBox="0 0 24 24">${drawn.join("")}</symbol>`;
}

export function drawSprite(): string {
  const all = lucide as unknown as Record<string, Shape[]>;
  const symbols = NAMES.map((name) => symbol(name, all[name] ?? []));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}${symbol("Twin", TWIN)}</svg>\n`;
}

export function icons(): Plugin {
  let isBuild = true;
  return {
    name: "icons",
    configResolved: (config) => void (isBuild = config.command === "build"),
    resolveId: (id) => (id === "virtual:icons" ? "\0virtual:icons" : null),
    load(id) {
      if (id !== "\0virtual:icons") return null;
      if (!isBuild)
        return `export const sprite = "data:image/svg+xml," + ${JSON.stringify(encodeURIComponent(drawSprite()))}`;
      const reference = this.emitFile({ type: "asset", name: "icons.svg", source: drawSprite() });
      return `export const sprite = import.meta.ROLLUP_FILE_URL_${reference}`;
    },
  };
}
