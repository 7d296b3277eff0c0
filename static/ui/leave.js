/**
 * Dialogs and texts that are left with something in them that somebody typed or chose: it is asked first, whatever the way out.
 *
 * askToLeave(words) -> Promise<"save" | "discard" | undefined>       the question alone
 * asksFirst(words, changed) -> Guard                                   for openDialog(): its keep and leave, and what the dialog's own "Cancel" does
 * typedIn(place) -> () => boolean                                      whether its fields say something else than now
 */
import { t } from "../texts.js";
import { button } from "./button.js";
import { openDialog } from "./dialog.js";
import { el, lastDialog } from "./element.js";

/**
 * @typedef {object} Words
 * @property {string} title  the question
 * @property {string} text  what is lost otherwise
 * @property {string} stay  label of the button that goes on
 * @property {string} [save]  label of the one that saves it, where that can be done at once
 */

/**
 * @param {Words} words
 * @returns {Promise<"save" | "discard" | undefined>} undefined: it is not left
 */
export async function askToLeave({ title, text, stay, save }) {
  /** @type {import("./dialog.js").Dialog<"save" | "discard">} */
  const dialog = openDialog({
    title,
    content: el("p", { class: "sub" }, text),
    actions: [
      button(t("edit.discard"), { kind: "danger", class: "left", click: () => dialog.close("discard") }),
      button(stay, { kind: save ? "" : "primary", click: () => dialog.close() }),
      save && button(save, { kind: "primary", click: () => dialog.close("save") }),
    ],
  });
  return dialog.closed;
}

/**
 * @param {Words} words
 * @param {() => boolean} changed  whether something would be lost now
 * @returns {{keep: () => boolean, leave: (dialog: import("./dialog.js").Dialog<any>) => Promise<void>}}
 */
export function asksFirst(words, changed) {
  return {
    keep: changed,
    async leave(dialog) {
      if (lastDialog() !== dialog.element) return; // asked already
      if (!changed() || (await askToLeave(words)) !== undefined) dialog.close();
    },
  };
}

/** @param {Element} place */
export function typedIn(place) {
  const typed = () => JSON.stringify([...place.querySelectorAll("input, textarea, select")].map((field) => /** @type {HTMLInputElement} */ (field).value));
  const before = typed();
  return () => typed() !== before;
}
