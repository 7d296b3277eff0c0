/**
 * Opens the browser's own dialog for files or for a folder of this computer, and reads what was chosen in it (picked.js).
 *
 * choose({folder?}) -> Promise<Picking | null>      within a click; null where the person chose nothing
 */
import { el } from "../ui/element.js";
import { t } from "../texts.js";
import { pickedFromInput } from "./picked.js";

/** @typedef {import("./picked.js").Picking} Picking */

/**
 * @param {{folder?: boolean}} [options]
 * @returns {Promise<Picking | null>}
 */
export function choose({ folder = false } = {}) {
  return new Promise((resolve) => {
    const label = t(folder ? "drive.pick.share_folder" : "drive.pick.share_files");
    const input = el("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": label, "aria-hidden": "true", webkitdirectory: folder });
    /** @param {Picking | null} picking */
    const end = (picking) => {
      input.remove();
      resolve(picking);
    };
    input.addEventListener("change", () => end(input.files && input.files.length > 0 ? pickedFromInput(input) : null));
    input.addEventListener("cancel", () => end(null));
    document.body.append(input); // some browsers open no dialog for a field that stands nowhere
    input.click();
  });
}
