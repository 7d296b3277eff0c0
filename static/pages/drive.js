/**
 * The web drive: `/` and `/drive/PATH`. The address is the place.
 */
import { fill } from "../ui/element.js";
import { emptyState } from "../ui/empty.js";
import { button } from "../ui/button.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { setTitle } from "../shell.js";
import { folderView, readAhead } from "../drive/folder-view.js";
import { nameOf, placeOf } from "../drive/place.js";
import { openedDrive } from "../drive/opened.js";

/** @type {import("../router.js").Ahead} */
export function ahead(pathname) {
  const path = placeOf(pathname);
  if (path !== null) readAhead(openedDrive().drive, path);
}

/** @type {import("../router.js").Show} */
export function show(main, route) {
  const path = placeOf(route.path);
  if (path === null) {
    fill(main, emptyState({ icon: "circle-alert", title: t("drive.gone"), text: t("drive.gone.text"), action: button(t("drive.gone.start"), { kind: "primary", click: () => navigate(at("/")) }) }));
    return;
  }
  setTitle(path === "" ? t("drive.root") : nameOf(path));
  return folderView(main, { path, ...openedDrive() });
}
