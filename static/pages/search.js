/**
 * What was searched for, `/search?in=FOLDER&name=TEXT`: the folder's page with the text in its search field.
 */
import { t } from "../texts.js";
import { setTitle } from "../shell.js";
import { folderView } from "../drive/folder-view.js";
import { openedDrive } from "../drive/opened.js";

/** @type {import("../router.js").Show} */
export function show(main, { query }) {
  const text = query.get("name") ?? "";
  setTitle(t("find.title", { text }));
  return folderView(main, { path: query.get("in") ?? "", text, ...openedDrive() });
}
