// Asks what becomes of an edited text that is left.
import { t } from "../texts.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";

/**
 * @param {string} name of the file
 * @returns {Promise<"save" | "discard" | undefined>} undefined: it is not left
 */
export async function askAboutUnsaved(name) {
  /** @type {import("../ui/dialog.js").Dialog<"save" | "discard">} */
  const dialog = openDialog({
    title: t("edit.leave_title", { name }),
    content: el("p", { class: "sub" }, t("edit.leave_text")),
    actions: [
      button(t("edit.discard"), { kind: "danger", class: "left", click: () => dialog.close("discard") }),
      button(t("edit.go_on"), { click: () => dialog.close() }),
      button(t("edit.save"), { kind: "primary", click: () => dialog.close("save") }),
    ],
  });
  return dialog.closed;
}
