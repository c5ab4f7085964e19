/** The build fails when the first load, the fonts or a later chunk is larger than its budget. */
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const KB = 1024;
const FIRST_LOAD = 110 * KB; // JavaScript and CSS, gzip -9
const LATER_CHUNK = 40 * KB;
const FONTS = 75 * KB;

const packed = (data: string | Uint8Array) => gzipSync(data, { level: 9 }).length;

export function budget(): Plugin {
  return {
    name: "budget",
    generateBundle(_options, bundle) {
      let first = 0;
      let fonts = 0;
      const tooLarge: string[] = [];
      for (const file of Object.values(bundle)) {
        const { fileName } = file;
        if (fileName.endsWith(".css") && file.type === "asset") first += packed(file.source);
        if (fileName.endsWith(".woff2") && file.type === "asset") fonts += file.source.length;
        if (file.type !== "chunk") continue;
        const size = packed(file.code);
        if (!file.isDynamicEntry) first += size;
        else if (size > LATER_CHUNK) tooLarge.push(`${fileName}: ${size} bytes`);
      }
      this.info(`first load ${(first / KB).toFixed(1)} KB, fonts ${(fonts / KB).toFixed(1)} KB`);
      if (first > FIRST_LOAD) tooLarge.push(`first load: ${first} bytes`);
      if (fonts > FONTS) tooLarge.push(`fonts: ${fonts} bytes`);
      if (tooLarge.length > 0) this.error(`larger than the budget: ${tooLarge.join(", ")}`);
    },
  };
}
