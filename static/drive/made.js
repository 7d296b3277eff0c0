/**
 * Taking back what was made anew: a folder while it is empty, a file while it is as it was made. It goes into the trash, so that what somebody puts into it in that moment is
 * not lost. Start from madeUndoable.
 *
 * @typedef {import("./operations.js").Drive} Drive
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { didUndoable, tellChanged } from "./acts.js";
import { complain } from "./fault.js";
import { nameOf, parentOf } from "./place.js";

/**
 * @param {Drive} drive
 * @param {string} path  of what was made
 * @param {string} [etag]  of a file; without it it is a folder
 */
export function madeUndoable(drive, path, etag) {
  const name = nameOf(path);
  didUndoable(t(etag === undefined ? "drive.undo.made_folder" : "drive.undo.made_file", { name }), () => takeBack(drive, path, etag), { quiet: true });
}

/**
 * @param {Drive} drive
 * @param {string} path
 * @param {string} [etag]
 */
async function takeBack(drive, path, etag) {
  const name = nameOf(path);
  try {
    if (etag === undefined && (await drive.list(path)).length > 0) {
      toast(t("drive.undo.filled", { name }), { kind: "problem" });
      return false;
    }
    await drive.remove(path, etag === undefined ? {} : { etag });
    return true;
  } catch (error) {
    const { status } = /** @type {{status?: number}} */ (error ?? {});
    if (status === 404 || status === 412) toast(t(status === 404 ? "drive.undo.gone" : "drive.undo.changed", { name }), { kind: "problem" });
    else complain(error);
    return false;
  } finally {
    await tellChanged([parentOf(path)]);
  }
}
