/**
 * Asks for the name of a new folder.
 */
import { el, fill, freshID } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { t } from "../texts.js";
import { faultInName } from "./names.js";

/**
 * @param {(name: string) => boolean} taken
 * @returns {Promise<string | undefined>} in NFC
 */
export function askFolderName(taken) {
  const id = freshID("name");
  const field = el("input", { id, class: "input", type: "text", autocomplete: "off", spellcheck: "false", value: "" });
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
    el("div", { class: "end" }, button(t("ui.cancel"), { click: () => dialog.close() }), button(t("drive.new_folder.create"), { kind: "primary", type: "submit" })),
  );
  /** @type {import("../ui/dialog.js").Dialog<string>} */
  const dialog = openDialog({ title: t("drive.new_folder"), content: form });
  return dialog.closed;
}
