/**
 * Every text of the code is in all languages, every text there is used, and no text stands in code. The same of icons
 * and the sprite.
 */
import { readFileSync, readdirSync } from "node:fs";

import { FluentBundle, FluentResource } from "@fluent/bundle";
import { expect, test } from "vitest";

import { NAMES } from "../plugins/icons";

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? files(`${folder}/${entry.name}`)
      : /\.tsx?$/.test(entry.name)
        ? [`${folder}/${entry.name}`]
        : [],
  );
const code = files("src").map((file) => readFileSync(file, "utf8"));
const source = code.join("\n");

function textsOf(language: string) {
  const text = readFileSync(`text/${language}.ftl`, "utf8");
  const bundle = new FluentBundle(language);
  expect(bundle.addResource(new FluentResource(text))).toEqual([]);
  return {
    keys: [...text.matchAll(/^([a-z][\w-]*) =/gm)].map(([, key]) => key!),
    placeables: text,
  };
}

test("a few who type are named, more are counted", () => {
  const bundle = new FluentBundle("en", { useIsolating: false });
  bundle.addResource(new FluentResource(readFileSync("text/en.ftl", "utf8")));
  const typing = (count: number) =>
    bundle.formatPattern(bundle.getMessage("typing")!.value!, { count, name: "Ada", other: "Bob" });
  expect([1, 2, 12].map(typing)).toEqual([
    "Ada is typing",
    "Ada and Bob are typing",
    "12 people are typing",
  ]);
});

const en = textsOf("en");
const used = new Set([...source.matchAll(/"([a-z][a-z-]*)"/g)].map(([, key]) => key!));
/** Names that are put together, such as `privacy-${part}-text`. */
const patterns = [...source.matchAll(/\bt\(`([^`]+)`/g)].map(
  ([, name]) => new RegExp(`^${name!.replace(/\$\{[^}]+\}/g, "[a-z]+")}$`),
);

test("all languages have the same texts, with the same values", () => {
  const values = (text: string) =>
    [
      ...new Set(
        [...text.matchAll(/^([a-z][\w-]*) =|\{ (\$\w+)/gm)].map(([, key, value]) => key ?? value),
      ),
    ].sort();
  const de = textsOf("de");
  expect(de.keys).toEqual(en.keys);
  expect(new Set(en.keys).size).toBe(en.keys.length);
  expect(values(de.placeables)).toEqual(values(en.placeables));
});

test("each text that the code names exists", () => {
  const named = [
    ...source.matchAll(/\bt\("([^"]+)"/g),
    ...source.matchAll(/\bt\([^"`()]*\? "([^"]+)" : "([^"]+)"/g),
  ].flatMap(([, ...keys]) => keys);
  expect(named.filter((key) => key && !en.keys.includes(key))).toEqual([]);
});

test("each text is used", () => {
  expect(
    en.keys.filter((key) => !used.has(key) && !patterns.some((pattern) => pattern.test(key))),
  ).toEqual([]);
});

test("no text stands in code", () => {
  const shown =
    /(?:>|(?:placeholder|aria-label|title|label)=")([^<>{}"=;]*[a-z]{3,} [a-z]{2,}[^<>{}"=;]*)(?:<|")/g;
  const found = code.flatMap((text) =>
    [...text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").matchAll(shown)].map(([, words]) =>
      words!.trim(),
    ),
  );
  expect(found.filter((words) => words !== "AEON Realm ·" && !/[()&|]|=>/.test(words))).toEqual([]);
});

test("each icon that is shown is drawn, and each that is drawn is shown", () => {
  const shown = [...source.matchAll(/<Icon name="(\w+)"|\bicon="(\w+)"/g)].map(([, a, b]) => a ?? b);
  const drawn = ["Twin", ...NAMES];
  expect(shown.filter((name) => !drawn.includes(name!))).toEqual([]);
  expect(NAMES.filter((name) => !source.includes(`"${name}"`))).toEqual([]);
});
