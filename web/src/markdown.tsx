/**
 * Markdown as vnodes. Nothing here makes HTML: HTML in a text is shown as text, a picture as a link, and
 * a link leads to http, https or mailto alone.
 */
import { Lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";

const DEEPEST = 12;
const SAFE = /^(https?:|mailto:)/i;
const NAMED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

export const decoded = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** The usernames that stand out behind an @, in small letters: those of the room, and "room" itself. */
export type Names = ReadonlySet<string>;

/** As the realm finds names: an address has none, and a full stop or hyphen may end the sentence. */
export function withNames(text: string, names: Names): ComponentChildren {
  if (names.size === 0 || !text.includes("@")) return text;
  return text.split(/(?<![\w.-])@([\w.-]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    let name = part;
    while (/[.-]$/.test(name) && !names.has(name.toLowerCase())) name = name.slice(0, -1);
    if (!names.has(name.toLowerCase())) return `@${part}`;
    return (
      <>
        <span class="mention">@{name}</span>
        {part.slice(name.length)}
      </>
    );
  });
}

type Draw = (tokens: Token[] | undefined) => ComponentChildren;

const link = (href: string, children: ComponentChildren) =>
  SAFE.test(href) ? (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ) : (
    <>{children}</>
  );

function table({ header, rows }: Tokens.Table, draw: Draw): VNode {
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell) => (
            <th scope="col">{draw(cell.tokens)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            {row.map((cell) => (
              <td>{draw(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function list({ ordered, start, items }: Tokens.List, draw: Draw): VNode {
  const rows = items.map((item) => <li>{draw(item.tokens)}</li>);
  return ordered ? <ol start={Number(start) || 1}>{rows}</ol> : <ul>{rows}</ul>;
}

function one(token: Token, depth: number, names: Names): ComponentChildren {
  const draw: Draw = (tokens) => many(tokens, depth + 1, names);
  if (depth > DEEPEST) return token.raw;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "paragraph":
      return <p>{draw(token.tokens)}</p>;
    case "heading":
      return token.depth <= 2 ? <h2>{draw(token.tokens)}</h2> : <h3>{draw(token.tokens)}</h3>;
    case "strong":
      return <b>{draw(token.tokens)}</b>;
    case "em":
      return <em>{draw(token.tokens)}</em>;
    case "del":
      return <s>{draw(token.tokens)}</s>;
    case "codespan":
      return <code>{token.text}</code>;
    case "code":
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote>{draw(token.tokens)}</blockquote>;
    case "list":
      return list(token as Tokens.List, draw);
    case "table":
      return table(token as Tokens.Table, draw);
    case "link":
      return link(token.href, draw(token.tokens));
    case "image":
      return link(token.href, token.text || token.href);
    case "br":
      return <br />;
    case "hr":
      return <hr class="rule" />;
    case "escape":
      return token.text;
    case "text":
      return token.tokens ? draw(token.tokens) : withNames(decoded(token.text), names);
    default:
      return token.raw;
  }
}

const many = (tokens: Token[] | undefined, depth: number, names: Names) =>
  (tokens ?? []).map((token) => one(token, depth, names));

const NOBODY: Names = new Set();

/** The lexer's time grows with the square of these in a text; no text that somebody wrote has so many. */
const MARKS = /[*_[\]`<>~]/g;
const MOST_MARKS = 1000;

/** The tokens of a text, or null where they would cost too much, such as those of a thousand nested quotes. */
function tokensOf(text: string): Token[] | null {
  if ((text.match(MARKS)?.length ?? 0) > MOST_MARKS) return null;
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(text);
  } catch {
    return null;
  }
}

const kept = new Map<string, Token[] | null>();
const MOST_KEPT = 400;

/**
 * A scrolled list does not parse its texts again. Tokens are kept and no vnodes: a vnode holds the whole page in
 * which it was drawn.
 */
function keptTokens(text: string): Token[] | null {
  let tokens = kept.get(text);
  if (tokens === undefined) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!);
    tokens = tokensOf(text);
    kept.set(text, tokens);
  }
  return tokens;
}

/** A text that costs too much is shown as it is. */
export function drawn(text: string, names = NOBODY): ComponentChildren {
  const tokens = keptTokens(text);
  if (tokens === null) return <p>{text}</p>;
  try {
    return many(tokens, 0, names);
  } catch {
    return <p>{text}</p>;
  }
}

export const Markdown = ({ text, names }: { text: string; names?: Names | undefined }) => (
  <>{drawn(text, names)}</>
);
