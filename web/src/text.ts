/** All texts of the client, in the user's language: see text/*.ftl. */
import { FluentBundle, FluentResource } from "@fluent/bundle";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;
const KEY = "aeon.language";

const loaders: Record<Language, () => Promise<{ default: string }>> = {
  en: () => import("../text/en.ftl?raw"),
  de: () => import("../text/de.ftl?raw"),
};

let bundle = new FluentBundle("en");
export let language: Language = "en";

export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(KEY), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return (wanted.find((tag) => tag && tag in LANGUAGES) as Language | undefined) ?? "en";
}

export async function loadText(chosen: Language): Promise<void> {
  const { default: source } = await loaders[chosen]();
  language = chosen;
  bundle = new FluentBundle(chosen, { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  document.documentElement.lang = chosen;
}

/** Saves the language and reloads the page, so that all texts are in that language. */
export function chooseLanguage(chosen: Language) {
  localStorage.setItem(KEY, chosen);
  location.reload();
}

/** The text of that name. */
export function t(id: string, values?: Record<string, string | number>): string {
  const message = bundle.getMessage(id);
  return message?.value ? bundle.formatPattern(message.value, values ?? null) : id;
}
