/**
 * Typing another name into a row: Enter and leaving the field take it, Escape does not. The extension is left out of the selection, and a name
 * that cannot be is told at once, below the field; where the field is left with such a name, it is handed back with what is wrong with it. Another window or tab leaves
 * the field as it is.
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} Typed
 * @property {string} name  in NFC
 * @property {string} fault  why it cannot be; empty where it can
 * @property {boolean} left  the field was left: the keyboard is somewhere else
 */
import { el, fill, freshID } from "../ui/element.js";
import { t } from "../texts.js";
import { isHidden } from "../hidden.js";
import { faultInName, splitName } from "./names.js";

/**
 * @param {HTMLElement} cell the row's cell with the name; it is filled anew, and left to be drawn again by the caller
 * @param {Entry} entry
 * @param {Entry[]} others the whole list, in which the name must be free
 * @param {string} [typed]  what stands in the field at first, instead of the old name
 * @returns {{answer: Promise<Typed | null>, leave: () => void}} null where the name stays; leave: the list goes away
 */
export function askName(cell, entry, others, typed) {
  const id = freshID("fault");
  const field = el("input", {
    type: "text",
    class: "input rename",
    "aria-label": t("drive.rename.label", { name: entry.name }),
    "aria-describedby": id,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const fault = el("div", { class: "rename-fault", id, role: "alert" });
  field.value = typed ?? entry.name;
  fill(cell, field, fault);
  field.focus();
  field.setSelectionRange(0, entry.folder ? field.value.length : splitName(field.value)[0].length);
  let leave = () => {};

  /** @type {Promise<Typed | null>} */
  const answer = new Promise((resolve) => {
    let over = false;
    /** @param {Typed | null} one */
    const end = (one) => {
      if (over) return;
      over = true;
      resolve(one);
    };
    const nameNow = () => field.value.trim().normalize("NFC");
    /** What is wrong with what stands there, told to the person unless the field is left. */
    const check = (tell = true) => {
      const name = nameNow();
      const taken = () => others.some((other) => other.path !== entry.path && other.name.normalize("NFC") === name);
      const wrong = faultInName(name) ?? (isHidden(name, entry.folder) ? "hidden" : null) ?? (taken() ? "taken" : null);
      const why = wrong ? t(`drive.name.${wrong}`, { name }) : "";
      if (!why || !tell) return why;
      fill(fault, why);
      field.setAttribute("aria-invalid", "true");
      return why;
    };
    const take = (/** @type {boolean} */ left) => {
      const name = nameNow();
      if (name === entry.name || (left && name === "")) return end(null);
      const why = check(!left);
      if (!why || left) end({ name, fault: why, left });
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      if (event.key === "Enter") take(false);
      if (event.key === "Escape") end(null);
      if (event.key === "Enter" || event.key === "Escape") event.preventDefault();
    });
    field.addEventListener("input", () => {
      fill(fault);
      field.removeAttribute("aria-invalid");
    });
    leave = () => take(true);
    field.addEventListener("blur", () => {
      if (document.activeElement !== field) leave();
    });
    if (typed !== undefined) check(); // what was wrong with it is said again
    for (const kind of ["click", "dblclick", "mousedown", "contextmenu"]) field.addEventListener(kind, (event) => event.stopPropagation());
  });
  return { answer, leave };
}
