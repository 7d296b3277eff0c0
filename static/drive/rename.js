/**
 * Typing another name into a row: Enter and leaving the field take it, Escape does not. The extension is left out of the selection, and a name
 * that cannot be is told at once, below the field.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el, fill, freshID } from "../ui/element.js";
import { t } from "../texts.js";
import { isHidden } from "../hidden.js";
import { faultInName, splitName } from "./names.js";

/**
 * @param {HTMLElement} cell the row's cell with the name; it is filled anew, and left to be drawn again by the caller
 * @param {Entry} entry
 * @param {Entry[]} others the whole list, in which the name must be free
 * @returns {Promise<string | null>} the new name, in NFC; null where it stays
 */
export function askName(cell, entry, others) {
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
  field.value = entry.name;
  fill(cell, field, fault);
  field.focus();
  field.setSelectionRange(0, entry.folder ? entry.name.length : splitName(entry.name)[0].length);

  return new Promise((resolve) => {
    let over = false;
    /** @param {string | null} name */
    const end = (name) => {
      if (over) return;
      over = true;
      resolve(name);
    };
    const take = (/** @type {boolean} */ leaving) => {
      const name = field.value.trim().normalize("NFC");
      if (name === entry.name) return end(null);
      const wrong = faultInName(name) ?? (isHidden(name, entry.folder) ? "hidden" : null) ?? (others.some((other) => other !== entry && other.name.normalize("NFC") === name) ? "taken" : null);
      if (!wrong) return end(name);
      if (leaving) return end(null);
      fill(fault, t(`drive.name.${wrong}`, { name }));
      field.setAttribute("aria-invalid", "true");
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
    field.addEventListener("blur", () => take(true));
    for (const kind of ["click", "dblclick", "mousedown", "contextmenu"]) field.addEventListener(kind, (event) => event.stopPropagation());
  });
}
