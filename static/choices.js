// What a visitor chose for all pages: the language and the theme. Both stand in cookies, so that the server renders a page as it shall look from
// its first moment on; the server takes known words only.
import { at } from "./base.js";

const YEAR = 365 * 86400;
const LIGHT = "#fbfbfa", DARK = "#16181a";

/**
 * @param {"language" | "theme"} name
 * @returns {string} what was chosen, empty for nothing: as the browser asks or the system has it
 */
export function chosen(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

/**
 * Keeps a choice for a year.
 * @param {"language" | "theme"} name
 * @param {string} value empty to keep none
 */
function keep(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=${at("/")}; Max-Age=${value ? YEAR : 0}; SameSite=Lax${secure}`;
}

/**
 * Loads the page anew in a language. While work is under way that waits for the visitor: the next page is in that language then.
 * @param {string} lang a BCP 47 tag, or empty for what the browser asks for
 */
export async function chooseLanguage(lang) {
  keep("language", lang);
  if (dispatchEvent(new Event("beforeunload", { cancelable: true }))) return location.reload();
  const [{ toast }, { t }] = await Promise.all([import("./ui/toast.js"), import("./texts.js")]);
  toast(t("choices.language.later"), { action: t("choices.language.now"), act: () => location.reload() });
}

/**
 * Shows this page, and all that follow, in a theme.
 * @param {string} theme "light", "dark", or empty for what the system has
 */
export function chooseTheme(theme) {
  keep("theme", theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const meta of document.head.querySelectorAll("meta")) {
    if (meta.name === "color-scheme") meta.content = theme || "light dark";
    else if (meta.name === "theme-color") meta.content = (theme || (meta.media.includes("dark") ? "dark" : "light")) === "dark" ? DARK : LIGHT;
  }
}
