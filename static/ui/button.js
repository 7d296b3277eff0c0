// Buttons that tell when they are at work.
import { icon } from "../icons.js";
import { el, fill } from "./element.js";

/**
 * A button.
 * @param {string} text its label; for an icon alone, see iconButton
 * @param {{kind?: "" | "primary" | "danger" | "primary danger" | "soft", icon?: string, type?: "button" | "submit", class?: string,
 *   click?: (event: MouseEvent) => void}} [options]
 * @returns {HTMLButtonElement}
 */
export function button(text, options = {}) {
  return el("button", {
    type: options.type ?? "button", class: `btn ${options.kind ?? ""} ${options.class ?? ""}`.replace(/\s+/g, " ").trim(), click: options.click,
  }, options.icon && icon(options.icon), el("span", {}, text));
}

/**
 * A button that shows only an icon. Its label is read aloud and shown as a tooltip.
 * @param {string} name of the icon
 * @param {string} label
 * @param {(event: MouseEvent) => void} [click]
 * @param {string} [className]
 * @returns {HTMLButtonElement}
 */
export function iconButton(name, label, click, className = "") {
  return el("button", { type: "button", class: `btn icon-only ${className}`.trim(), "aria-label": label, title: label, click }, icon(name));
}

/**
 * Shows a button as at work while a promise runs: it keeps focus, takes no further click, and shows a spinner before its text.
 * @template T
 * @param {HTMLButtonElement} target
 * @param {() => Promise<T>} work
 * @param {string} [text] said meanwhile in place of its label
 * @returns {Promise<T>}
 */
export async function busy(target, work, text) {
  const before = [...target.childNodes];
  target.setAttribute("aria-busy", "true");
  target.setAttribute("aria-disabled", "true");
  fill(target, el("span", { class: "spinner", "aria-hidden": "true" }), el("span", {}, text ?? target.textContent?.trim()));
  try {
    return await work();
  } finally {
    target.removeAttribute("aria-busy");
    target.removeAttribute("aria-disabled");
    target.replaceChildren(...before);
  }
}

/**
 * @param {HTMLButtonElement} target
 * @returns {boolean} whether busy() holds it
 */
export function isBusy(target) {
  return target.getAttribute("aria-busy") === "true";
}
