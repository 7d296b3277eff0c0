/**
 * What to do where the folder that files are uploaded to has gone meanwhile: make it again, or upload them to another one.
 *
 * askLost(source, folder) -> Promise<string | undefined>       asks, and answers with the folder that they go to, which is there then
 * makeAgain(source, folder), askElsewhere(source)              what it offers
 */
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";
import { t } from "../texts.js";
import { askFolder } from "./folder-dialog.js";
import { nameOf } from "./place.js";

/** @typedef {import("./arrange.js").Place} Place */

/**
 * @param {Place} source
 * @param {string} folder
 */
export async function askLost(source, folder) {
  /** @type {import("../ui/dialog.js").Dialog<"again" | "elsewhere">} */
  const dialog = openDialog({
    title: t("drive.lost.title", { folder: nameOf(folder) }),
    content: el("p", { class: "sub" }, t("drive.lost.text")),
    actions: [
      button(t("ui.cancel"), { click: () => dialog.close() }),
      button(t("drive.lost.elsewhere"), { click: () => dialog.close("elsewhere") }),
      button(t("drive.lost.again"), { kind: "primary", click: () => dialog.close("again") }),
    ],
  });
  const choice = await dialog.closed;
  if (choice === "again") await makeAgain(source, folder);
  return choice === "elsewhere" ? askElsewhere(source) : choice && folder;
}

/**
 * Makes a folder with all above it, as far as they are not there.
 * @param {Place} source
 * @param {string} folder
 */
export async function makeAgain(source, folder) {
  const parts = folder.split("/");
  for (let length = 1; length <= parts.length; length++) {
    try {
      await source.makeFolder(parts.slice(0, length).join("/"));
    } catch (error) {
      if (/** @type {{status?: number}} */ (error).status !== 405) throw error;
    }
  }
}

/** @param {Place} source */
export const askElsewhere = (source) => askFolder(source, { from: "", moving: [], title: t("drive.lost.elsewhere"), action: t("drive.lost.here") });
