// Modal dialogs, as native <dialog>: the browser traps focus, answers Escape, and gives focus back.
import { el, freshID } from "./element.js";

// The second click of a double click whose first has ended a dialog is meant for nothing that lay below it.
/** @type {HTMLDialogElement | null} */
let pressed = null;
addEventListener("mousedown", (event) => {
  if (event.detail === 1) pressed = event.target instanceof Element ? event.target.closest("dialog") : null;
}, { capture: true });
for (const type of ["click", "dblclick"]) {
  addEventListener(type, (event) => {
    if (!(event instanceof MouseEvent) || event.detail < 2 || !pressed || pressed.open) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}

const LONG = 100; // characters of a heading

/**
 * A sentence with a long name in it, cut in the middle: how the name ends, and the sentence, stay in sight.
 * @param {string} text
 */
export function shortened(text) {
  const characters = [...text];
  return characters.length > LONG ? `${characters.slice(0, 40).join("")}…${characters.slice(-28).join("")}` : text;
}

/**
 * @template T
 * @typedef {object} Dialog
 * @property {HTMLDialogElement} element
 * @property {(value?: T) => void} close closes with a value
 * @property {Promise<T | undefined>} closed the value; undefined when it was dismissed
 */

/**
 * Opens a modal dialog with a heading.
 * @template [T=unknown]
 * @param {object} options
 * @param {string} options.title
 * @param {import("./element.js").Child | import("./element.js").Child[]} options.content what stands below the heading
 * @param {import("./element.js").Child[]} [options.actions] buttons at the end, the main one last
 * @param {boolean | (() => boolean)} [options.keep] true, asked each time: neither Escape nor a click beside it closes it
 * @param {() => void} [options.leave] what these two do in place of that
 * @param {string} [options.class] such as "wide"
 * @returns {Dialog<T>}
 */
export function openDialog({ title, content, actions, keep: kept = false, leave = () => {}, class: className = "" }) {
  const id = freshID("dialog");
  const keep = () => (typeof kept === "function" ? kept() : kept);
  const short = shortened(title);
  const heading = el("h2", { id, ...(short !== title && { title, "aria-label": title }) }, short);
  const element = el("dialog", { class: `dlg ${className}`.trim(), "aria-labelledby": id },
    el("div", { class: "dlg-body" }, heading, content, actions && el("div", { class: "end" }, actions)));
  /** @type {T | undefined} */
  let result;
  /** @type {Promise<T | undefined>} */
  const closed = new Promise((resolve) => {
    element.addEventListener("close", () => {
      element.remove();
      resolve(result);
    });
  });
  /** @param {Event} event */
  const stay = (event) => {
    event.preventDefault();
    leave();
  };
  element.addEventListener("cancel", (event) => {
    if (event.target === element && keep()) stay(event);
  });
  // Chromium closes at the second Escape even where cancel was prevented; a kept dialog must not vanish with what it shows once.
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && keep()) stay(event);
  });
  let pressedBeside = false;
  element.addEventListener("pointerdown", (event) => {
    pressedBeside = event.target === element;
  });
  element.addEventListener("click", (event) => {
    if (!pressedBeside || event.target !== element) return;
    if (keep()) leave();
    else element.close();
  });
  document.body.append(element);
  element.showModal();
  const first = element.querySelector("[autofocus], input:not([readonly]), textarea:not([readonly]), select");
  if (first instanceof HTMLElement) first.focus();
  else {
    heading.tabIndex = -1;
    heading.focus();
  }
  return {
    element,
    closed,
    close(value) {
      result = value;
      element.close();
    },
  };
}
