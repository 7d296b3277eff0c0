/**
 * Asks what to do with a name that is taken: replace, keep both, or leave it out; for this one or for all that follow.
 */
import { el } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { t } from "../texts.js";

/** @type {import("./arrange.js").Ask} */
export async function askAboutCollision({ name, folder, canReplace, more }) {
  const all = el("input", { type: "checkbox" });
  /** @type {import("../ui/dialog.js").Dialog<"replace" | "keep" | "skip">} */
  const dialog = openDialog({
    title: t("drive.collision.title", { name }),
    content: [
      el("p", { class: "sub" }, t(canReplace ? "drive.collision.file" : "drive.collision.folder", { folder: folder || t("drive.root") })),
      more ? el("label", { class: "check" }, all, el("span", {}, t("drive.collision.all"))) : null,
    ],
    actions: [
      el("span", { class: "left" }, button(t("drive.collision.skip"), { click: () => dialog.close("skip") })),
      canReplace ? button(t("drive.collision.replace"), { kind: "danger", click: () => dialog.close("replace") }) : null,
      button(t("drive.collision.keep"), { kind: "primary", click: () => dialog.close("keep") }),
    ],
  });
  const choice = await dialog.closed;
  return choice ? { choice, all: all.checked } : null;
}
