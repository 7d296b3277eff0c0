// Asks before something that cannot be taken back.
import { t } from "../texts.js";
import { button } from "./button.js";
import { openDialog } from "./dialog.js";
import { el } from "./element.js";

/**
 * @param {object} options
 * @param {string} options.title the question
 * @param {string} [options.text] what will happen
 * @param {string} options.action label of the button that does it: a verb
 * @param {string} [options.stay] label of the other one, where "Cancel" could be taken for it
 * @param {boolean} [options.danger] whether something is lost by it
 * @returns {Promise<boolean>} true if the person said yes
 */
export async function confirm({ title, text, action, stay = t("ui.cancel"), danger = false }) {
  /** @type {import("./dialog.js").Dialog<boolean>} */
  const dialog = openDialog({
    title,
    content: text ? el("p", { class: "sub" }, text) : null,
    actions: [
      button(stay, { click: () => dialog.close(false) }),
      button(action, { kind: danger ? "primary danger" : "primary", click: () => dialog.close(true) }),
    ],
  });
  return await dialog.closed ?? false;
}
