// The frame around the pages: how a page begins, and its title.
import { t } from "./texts.js";
import { icon } from "./icons.js";
import { el, fill } from "./ui/element.js";
import { sentence } from "./ui/problem.js";
import { unsupported } from "./ui/unsupported.js";

/**
 * The element that a page's module fills.
 * @returns {HTMLElement}
 */
export function mainElement() {
  const main = document.getElementById("main");
  if (!main) throw new Error("shell: the page has no main element");
  return main;
}

/**
 * Begins a page of one sheet: says what is missing in this browser, or lets fill do its work.
 * @param {(main: HTMLElement) => Promise<string>} fill gives a sentence where the page cannot do what it is for, or nothing
 */
export async function startSheet(fill) {
  const main = mainElement();
  let problem;
  try {
    const lacking = unsupported();
    if (lacking) {
      main.append(lacking);
      return;
    }
    problem = await fill(main);
  } catch (err) {
    console.error(err);
    problem = sentence(err);
  }
  if (problem) main.append(el("div", { class: "notice bad", role: "alert" }, icon("circle-alert"), el("p", {}, problem)));
}

/**
 * Names the page, in its tab and in the history.
 * @param {string} text
 */
export function setTitle(text) {
  document.title = text ? `${text} · Thorpe` : "Thorpe";
}

/**
 * Says while the computer has no connection, and takes it back.
 * @param {Element} place whose first child the notice becomes
 */
export function watchConnection(place) {
  const notice = el("div", { class: "offline", role: "status" });
  place.prepend(notice);
  const show = () => fill(notice, navigator.onLine ? null : el("p", {}, icon("wifi-off"), t("shell.offline")));
  addEventListener("offline", show);
  addEventListener("online", show);
  show();
}

/**
 * What a view shows while it cannot.
 * @param {unknown} err
 * @param {() => void} again
 * @returns {HTMLElement}
 */
export function failedView(err, again) {
  return el("div", { class: "void", role: "alert" }, el("div", {},
    icon("triangle-alert"), el("h2", {}, t("shell.failed")), el("p", {}, sentence(err)),
    el("button", { type: "button", class: "btn primary", click: again }, t("shell.again"))));
}
