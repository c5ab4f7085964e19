import { readFileSync } from "node:fs";

import { defineConfig } from "vitest/config";

import { budget } from "./plugins/budget.ts";
import { icons } from "./plugins/icons.ts";
import { licences } from "./plugins/licences.ts";

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  dependencies: Record<string, string>;
};
const D3 = ["d3-dispatch", "d3-quadtree", "d3-timer"]; // what d3-force needs
const BUNDLED = [...Object.keys(dependencies), "@preact/signals-core", ...D3, "lucide"];

export default defineConfig({
  plugins: [icons(), budget(), licences("licences.txt", BUNDLED)],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    emptyOutDir: true,
  },
  server: { proxy: { "/api": { target: "http://localhost:8000", ws: true } } },
  test: { include: ["tests/*.test.ts"], testTimeout: 120_000 }, // on a busy machine
});
