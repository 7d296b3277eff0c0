/**
 * The trash, `/trash`: what was deleted from the drive by any door, with where it was, when, and by which device. It comes back from here, or goes for good.
 */
import { t } from "../texts.js";
import { setTitle } from "../shell.js";
import { openedDrive } from "../drive/opened.js";
import { trashView } from "../drive/trash-list.js";

/** @type {import("../router.js").Show} */
export function show(main) {
  setTitle(t("trash.title"));
  return trashView(main, openedDrive());
}
