/** Puts the licences of all packages that a bundle contains beside it. */
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";

export function licences(file: string, packages: string[]): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const parts = [...new Set(packages)].sort().map((name) => {
        const folder = `node_modules/${name}`;
        const texts = readdirSync(folder)
          .filter((entry) => /^(licen[cs]e|notice)|\.licen[cs]e\.txt$/i.test(entry))
          .filter((entry) => !entry.includes("es-bundle") && !entry.includes("standalone"))
          .map((entry) => readFileSync(`${folder}/${entry}`, "utf8").trim());
        const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
        return `${name} ${version}\n\n${texts.join("\n\n") || `Licence: ${license}`}\n`;
      });
      this.emitFile({
        type: "asset",
        fileName: `assets/${file}`,
        source: parts.join(`\n${"-".repeat(72)}\n\n`),
      });
    },
  };
}
