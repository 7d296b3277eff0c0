/**
 * Asks what to do with a name that is taken: replace, merge two folders, keep both, or leave it out; for this one or for all that follow.
 */
import { el } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { t } from "../texts.js";

/** @type {import("./arrange.js").Ask} */
export async function askAboutCollision({ name, folder, canReplace, canMerge, more }) {
  const all = el("input", { type: "checkbox" });
  /** @type {import("../ui/dialog.js").Dialog<"replace" | "merge" | "keep" | "skip">} */
  const dialog = openDialog({
    title: t("drive.collision.title", { name }),
    content: [
      el("p", { class: "sub" }, t(canMerge ? "drive.collision.folders" : canReplace ? "drive.collision.file" : "drive.collision.folder", { folder: folder || t("drive.root") })),
      more ? el("label", { class: "check" }, all, el("span", {}, t("drive.collision.all"))) : null,
    ],
    actions: [
      el("span", { class: "left" }, button(t("drive.collision.skip"), { click: () => dialog.close("skip") })),
      canReplace ? button(t("drive.collision.replace"), { kind: "danger", click: () => dialog.close("replace") }) : null,
      button(t("drive.collision.keep"), { kind: canMerge ? undefined : "primary", click: () => dialog.close("keep") }),
      canMerge ? button(t("drive.collision.merge"), { kind: "primary", click: () => dialog.close("merge") }) : null,
    ],
  });
  const choice = await dialog.closed;
  return choice ? { choice, all: all.checked } : null;
}
