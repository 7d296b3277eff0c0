/**
 * Recent, `/recent`: the files of the drive that changed last, wherever they lie.
 */
import { t } from "../texts.js";
import { setTitle } from "../shell.js";
import { needStyle } from "../ui/style.js";
import { openedDrive } from "../drive/opened.js";
import { recentView } from "../drive/recent-list.js";

/** @type {import("../router.js").Show} */
export async function show(main) {
  setTitle(t("recent.title"));
  await needStyle("finding.css");
  return recentView(main, openedDrive());
}
