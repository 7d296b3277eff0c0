/**
 * Opens the browser's own dialog for files or for a folder of this computer, and reads what was chosen in it (picked.js): with handles that outlast the page where the
 * browser has them, else by a field.
 *
 * choose({folder?}) -> Promise<Picking | null>      within a click; null where the person chose nothing
 */
import { el } from "../ui/element.js";
import { t } from "../texts.js";
import { pickedFromHandles, pickedFromInput } from "./picked.js";

/** @typedef {import("./picked.js").Picking} Picking */
/** @typedef {{showOpenFilePicker?: (options: object) => Promise<FileSystemHandle[]>, showDirectoryPicker?: (options: object) => Promise<FileSystemHandle>}} Pickers */

/**
 * @param {{folder?: boolean}} [options]
 * @returns {Promise<Picking | null>}
 */
export async function choose({ folder = false } = {}) {
  const { showOpenFilePicker, showDirectoryPicker } = /** @type {Pickers} */ (globalThis);
  try {
    if (folder && showDirectoryPicker) return await pickedFromHandles([await showDirectoryPicker({ id: "thorpe-share", mode: "read" })]);
    if (!folder && showOpenFilePicker) return await pickedFromHandles(await showOpenFilePicker({ id: "thorpe-share", multiple: true }));
  } catch (error) {
    if (/** @type {{name?: string}} */ (error).name === "AbortError") return null;
    // a policy of the browser's forbids the picker: the field may still do
  }
  return chooseByField(folder);
}

/**
 * @param {boolean} folder
 * @returns {Promise<Picking | null>}
 */
function chooseByField(folder) {
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
