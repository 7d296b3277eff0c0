/**
 * Recent, `/recent`: the files of the drive that changed last, wherever they lie.
 */
import { t } from "../texts.js";
import { setTitle } from "../shell.js";
import { openedDrive } from "../drive/opened.js";
import { recentView } from "../drive/recent-list.js";

/** @type {import("../router.js").Show} */
export function show(main) {
  setTitle(t("recent.title"));
  return recentView(main, openedDrive());
}
