import type { ComponentChildren, VNode } from "preact";
import { expect, test } from "vitest";

import { decoded, drawn, withNames } from "../src/markdown";

/** Every element of what is drawn. */
function elements(nodes: ComponentChildren): VNode<Record<string, unknown>>[] {
  if (Array.isArray(nodes)) return nodes.flatMap(elements);
  if (typeof nodes !== "object" || nodes === null) return [];
  const node = nodes as VNode<Record<string, unknown>>;
  return [node, ...elements(node.props["children"] as ComponentChildren)];
}

const ALLOWED = new Set([
  "p",
  "b",
  "em",
  "s",
  "code",
  "pre",
  "blockquote",
  "ul",
  "ol",
  "li",
  "a",
  "br",
  "hr",
  "h2",
  "h3",
  "table",
  "thead",
  "tbody",
  "tr",
  "th",
  "td",
]);
const hostile = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "[a](javascript:alert(1))",
  "[a](  JaVaScRiPt:alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "![a](javascript:alert(1))",
  "<a href='javascript:alert(1)'>x</a>",
  "[a](&#106;avascript:alert(1))",
  "[a]: javascript:alert(1)\n\n[a]",
  "<javascript:alert(1)>",
  "[a](vbscript:x)",
  "[a](//evil.example)",
];

test.each(hostile)("%s makes no foreign element and no address that runs", (text) => {
  for (const { type, props } of elements(drawn(text))) {
    if (typeof type === "string") expect(ALLOWED).toContain(type);
    expect(props["href"] ?? "https://x").toMatch(/^(https?:|mailto:)/i);
    expect(Object.keys(props).filter((name) => /^on|html/i.test(name))).toEqual([]);
  }
});

test.each([
  ">".repeat(20000),
  "*".repeat(4000),
  "[".repeat(4000),
  "`".repeat(4000),
  `${"- ".repeat(2000)}x`,
  "_a".repeat(2000),
  "<".repeat(4000),
  `${">".repeat(900)}x`,
  "*a ".repeat(999),
])("a text that is made to be costly is drawn", (text) => {
  expect(drawn(text)).toBeDefined();
});

test("entities of a text are shown as their letters", () => {
  expect(decoded("a &amp; b &lt;c&gt; &#x1f331; &#65; &nope; &#0;")).toBe(
    "a & b <c> 🌱 A &nope; &#0;",
  );
});

test("names of the room stand out behind an @, as the realm finds them", () => {
  const names = new Set(["ben", "ada.l", "room"]);
  const marked = (text: string) =>
    elements(withNames(text, names))
      .filter(({ props }) => props["class"] === "mention")
      .map(({ props }) => [props["children"]].flat().join(""));
  expect(marked("@ben, (@Ben) and @ada.l. @room!")).toEqual(["@ben", "@Ben", "@ada.l", "@room"]);
  expect(marked("x@ben @benjamin @nobody @ ben")).toEqual([]);
  expect(marked("@ben...")).toEqual(["@ben"]);
});
