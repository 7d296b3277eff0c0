// What stands where nothing is, and where something is about to be.
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { el } from "./element.js";

/**
 * An empty state: what could be here, and how it gets here.
 * @param {object} options
 * @param {string} options.icon
 * @param {string} options.title
 * @param {string} [options.text]
 * @param {HTMLElement} [options.action] a button
 * @param {boolean} [options.low] whether it is one part of a page rather than all of it
 * @returns {HTMLElement}
 */
export function emptyState({ icon: name, title, text, action, low = false }) {
  return el("div", { class: low ? "void low" : "void" }, el("div", {}, icon(name), el("h2", {}, title), text && el("p", {}, text), action));
}

const AT_ONCE = 150, SLOW = 3000; // ms

/**
 * Grey rows in place of a list that is loading. What comes at once shows none of them, and what takes long says so.
 * @param {number} count
 * @param {string} label read aloud
 * @returns {HTMLElement}
 */
export function skeleton(count, label) {
  const element = el("div", { class: "rows early", role: "status", "aria-label": label });
  for (let i = 0; i < count; i++) element.append(el("div", { class: "skeleton", "aria-hidden": "true" }));
  setTimeout(() => element.classList.remove("early"), AT_ONCE);
  setTimeout(() => {
    if (!element.isConnected) return;
    element.removeAttribute("aria-label");
    element.append(el("p", { class: "quiet slow" }, t("shell.slow")));
  }, SLOW);
  return element;
}
