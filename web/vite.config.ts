import { defineConfig } from "vitest/config";

import { budget } from "./plugins/budget.ts";
import { icons } from "./plugins/icons.ts";
import { licences } from "./plugins/licences.ts";

export default defineConfig({
  plugins: [icons(), budget(), licences()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": { target: "http://localhost:8000", ws: true } } },
  test: { include: ["tests/*.test.ts"] },
});
