// Asks whether a link that is being put together is given up.
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";
import { t } from "../texts.js";

/**
 * @returns {Promise<boolean>} whether what was typed and chosen may go
 */
export async function askAboutTyped() {
  /** @type {import("../ui/dialog.js").Dialog<boolean>} */
  const dialog = openDialog({
    title: t("share.leave_title"),
    content: el("p", { class: "sub" }, t("share.leave_text")),
    actions: [
      button(t("edit.discard"), { kind: "danger", class: "left", click: () => dialog.close(true) }),
      button(t("share.go_on"), { kind: "primary", click: () => dialog.close() }),
    ],
  });
  return (await dialog.closed) ?? false;
}
