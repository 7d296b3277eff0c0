/**
 * Makes an empty text in the folder that is shown, and opens its editor.
 */
import { ApiError } from "../api.js";
import { t } from "../texts.js";
import { toast } from "../ui/toast.js";
import { complain } from "./fault.js";
import { madeUndoable } from "./made.js";
import { askName } from "./name-dialog.js";
import { nameBeside } from "./names.js";
import { join } from "./place.js";

/** @param {import("./drive-context.js").DriveContext} context */
export async function newText({ path, drive, all, reread, pane, look }) {
  if (path === null) return;
  const names = new Set(all().map(({ name }) => name.normalize("NFC")));
  const taken = (/** @type {string} */ name) => names.has(name);
  const name = await askName(taken, { title: t("edit.new"), action: t("edit.create"), value: nameBeside(t("edit.new_name"), taken) });
  if (name === undefined) return;
  const made = join(path, name);
  try {
    const { etag } = await drive.write(made, new Blob([]), { create: true });
    madeUndoable(drive, made, etag);
  } catch (error) {
    if (error instanceof ApiError && error.code === "exists") toast(t("drive.name.taken", { name }), { kind: "problem" });
    else complain(error);
    return;
  }
  await reread();
  pane.choose(made);
  await look({ path: made, name, folder: false, size: 0, modified: new Date(), type: "text/plain" }, true);
}
