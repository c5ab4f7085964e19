/** Light or dark, as the user has chosen, else as the system says. */
export type Theme = "system" | "light" | "dark";
const KEY = "aeon.theme";

export const theme = () => (localStorage.getItem(KEY) ?? "system") as Theme;

export function applyTheme(chosen: Theme = theme()) {
  localStorage.setItem(KEY, chosen);
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}
