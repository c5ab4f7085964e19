/** Puts the licences of everything that the bundle contains beside it. */
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";

export function licences(): Plugin {
  return {
    name: "licences",
    generateBundle() {
      const own = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };
      const names = [
        ...Object.keys(own.dependencies),
        "@preact/signals-core",
        "wouter-preact",
        "lucide",
      ];
      const parts = [...new Set(names)].sort().flatMap((name) => {
        const folder = `node_modules/${name}`;
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
        const text = file
          ? readFileSync(`${folder}/${file}`, "utf8").trim()
          : `Licence: ${license}`;
        return [`${name} ${version}\n\n${text}\n`];
      });
      this.emitFile({
        type: "asset",
        fileName: "assets/licences.txt",
        source: parts.join(`\n${"-".repeat(72)}\n\n`),
      });
    },
  };
}
