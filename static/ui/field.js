// A labelled field of a form, with a hint and a place for what is wrong with it.
import { icon } from "../icons.js";
import { el, fill, freshID } from "./element.js";

/**
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {HTMLInputElement | HTMLTextAreaElement} input
 * @property {(text: string) => void} problem shows what is wrong and marks the input; an empty text takes it back
 */

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.name of the input, which password managers look at
 * @param {string} [options.type]
 * @param {string} [options.autocomplete]
 * @param {string} [options.value]
 * @param {string} [options.hint] says beforehand what is wanted
 * @param {boolean} [options.readonly]
 * @param {number} [options.maxlength]
 * @param {number} [options.rows] a text area of so many rows, for what is long
 * @param {Record<string, any>} [options.attributes] more attributes of the input
 * @param {import("./element.js").Child[]} [options.beside] what stands in the input's end, such as a button
 * @param {import("./element.js").Child[]} [options.below] what stands below it
 * @returns {Field}
 */
export function field({ label, name, type = "text", autocomplete = "off", value = "", hint, readonly, maxlength, rows, attributes = {}, beside, below = [] }) {
  const id = freshID(name);
  const wrong = el("p", { class: "problem", id: `${id}-problem`, "aria-live": "polite" });
  const input = el(rows ? "textarea" : "input", {
    id, name, type: rows ? null : type, rows, class: "input", autocomplete, readonly, maxlength, "aria-describedby": hint ? `${id}-hint ${id}-problem` : `${id}-problem`,
    autocapitalize: "none", autocorrect: "off", spellcheck: "false", ...attributes,
  });
  input.value = value;
  const problem = (/** @type {string} */ text) => {
    fill(wrong, text && icon("circle-alert"), text);
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  input.addEventListener("input", () => problem(""));
  const element = el("div", { class: "field" },
    el("label", { for: id }, label),
    beside ? el("div", { class: "with-button" }, input, beside) : input,
    hint && el("p", { class: "hint", id: `${id}-hint` }, hint), below, wrong);
  return { element, input, problem };
}
