/** The page of the API is a build of its own, so that it changes no file of the client. */
import { defineConfig } from "vite";

import { licences } from "./plugins/licences.ts";

export default defineConfig({
  plugins: [licences("docs-licences.txt", ["swagger-ui-dist"])],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    emptyOutDir: false,
    rolldownOptions: { input: "docs.html" },
  },
});
