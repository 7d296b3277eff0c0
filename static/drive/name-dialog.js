/**
 * Asks for the name of something new.
 */
import { el, fill, freshID } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { t } from "../texts.js";
import { faultInName, splitName } from "./names.js";

/**
 * @param {(name: string) => boolean} taken
 * @returns {Promise<string | undefined>} in NFC
 */
export function askFolderName(taken) {
  return askName(taken, { title: t("drive.new_folder"), action: t("drive.new_folder.create") });
}

/**
 * @param {(name: string) => boolean} taken
 * @param {{title: string, action: string, value?: string}} words  value: a proposal, which is typed over but for its extension
 * @returns {Promise<string | undefined>} in NFC
 */
export function askName(taken, { title, action, value = "" }) {
  const id = freshID("name");
  const field = el("input", { id, class: "input", type: "text", autocomplete: "off", spellcheck: "false", value });
  const fault = el("p", { class: "problem", role: "alert" });
  field.addEventListener("input", () => {
    fill(fault);
    field.removeAttribute("aria-invalid");
  });
  const form = el(
    "form",
    {
      novalidate: true,
      submit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        const name = field.value.trim().normalize("NFC");
        const wrong = faultInName(name) ?? (taken(name) ? "taken" : null);
        if (!wrong) return dialog.close(name);
        fill(fault, t(`drive.name.${wrong}`, { name }));
        field.setAttribute("aria-invalid", "true");
        field.focus();
      },
    },
    el("div", { class: "field" }, el("label", { for: id }, t("drive.new_folder.name")), field, fault),
    el("div", { class: "end" }, button(t("ui.cancel"), { click: () => dialog.close() }), button(action, { kind: "primary", type: "submit" })),
  );
  /** @type {import("../ui/dialog.js").Dialog<string>} */
  const dialog = openDialog({ title, content: form });
  field.setSelectionRange(0, splitName(value)[0].length);
  return dialog.closed;
}
