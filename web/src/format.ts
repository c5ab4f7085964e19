/** Times, numbers and names, as the user's language writes them. */
import { language, t } from "./text";

const cache = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const key = language + JSON.stringify(options);
  if (!cache.has(key))
    cache.set(
      key,
      new Intl.DateTimeFormat(
        language === "en"
          ? navigator.language.startsWith("en")
            ? navigator.language
            : "en-GB"
          : language,
        options,
      ),
    );
  return cache.get(key)!.format(date);
}

export const dayOf = (at: string) => new Date(at).toDateString();

export const clock = (at: string) =>
  format(new Date(at), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A time of day such as "22:00" by a clock of another offset; offsets are minutes east of UTC. */
export function timeAt(time: string, offset: number, other: number): string {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  const DAY = 24 * 60;
  const there = (hours * 60 + minutes - offset + other + 2 * DAY) % DAY;
  const digits = (value: number) => String(value).padStart(2, "0");
  return `${digits(Math.floor(there / 60))}:${digits(there % 60)}`;
}

export function day(at: string, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return t("today");
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return format(date, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(year ? { year } : {}),
  });
}

export const date = (at: string) =>
  format(new Date(at), { day: "numeric", month: "long", year: "numeric" });

/** A date such as "2026-11-24", without its year. */
export const dayShort = (at: string) =>
  format(new Date(`${at.slice(0, 10)}T12:00`), { day: "numeric", month: "short" });

export const decimal = (value: number, digits: number) =>
  new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size in bytes, with the largest unit that leaves a number above 1. */
export function bytes(size: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(size || 1) / 3)));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: UNITS[power]!,
    unitDisplay: "short",
    maximumFractionDigits: power > 0 ? 1 : 0,
  }).format(size / 1000 ** power);
}

/** Short, for lists: the time of today, the weekday of this week, else the date. */
export function when(at: string, now = new Date()): string {
  const moment = new Date(at);
  if (moment.toDateString() === now.toDateString()) return clock(at);
  const isThisWeek = now.getTime() - moment.getTime() < 6 * 24 * 3600e3;
  return format(moment, isThisWeek ? { weekday: "short" } : { day: "numeric", month: "short" });
}

export const full = (at: string) =>
  format(new Date(at), { dateStyle: "long", timeStyle: "short" } as Intl.DateTimeFormatOptions);

interface Named {
  username?: string | null;
  full_name?: string | null;
}
export const nameOf = ({ full_name, username }: Named) => full_name || username || "";

/** The first one that fits: browsers and systems also name those that they are like. */
const BROWSERS = { Edge: /Edg/, Opera: /OPR/, Firefox: /Firefox|FxiOS/, Chrome: /Chrom|CriOS/, Safari: /Safari/ };
const SYSTEMS = { Android: /Android/, iOS: /iP(hone|ad)/, Windows: /Windows/, macOS: /Mac OS/, Linux: /Linux/ };

/** A device as a person would call it, by the `User-Agent` with which it signed in. */
export function deviceOf(client: string | null): { name: string; isPhone: boolean } {
  const [browser, system] = [BROWSERS, SYSTEMS].map((known) =>
    Object.entries(known).find(([, sign]) => sign.test(client ?? ""))?.[0],
  );
  const name = browser && system ? t("browser-on-system", { browser, system }) : client;
  return { name: name || t("a-device"), isPhone: /Mobi/.test(client ?? "") };
}

/** One or two letters for a disc. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]!.toUpperCase()).join("") || "?";
}
