/**
 * The web drive: `/` and `/drive/PATH`. The address is the place.
 */
import { fill } from "../ui/element.js";
import { emptyState } from "../ui/empty.js";
import { button } from "../ui/button.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { setTitle } from "../shell.js";
import { webdavSource } from "../source-webdav.js";
import { folderView } from "../drive/folder-view.js";
import { nameOf, placeOf } from "../drive/place.js";
import { lazyDesk } from "../drive/lazy-desk.js";

/** @type {{drive: ReturnType<typeof webdavSource>, desk: import("../drive/upload-desk.js").UploadDesk} | null} */
let opened = null; // for as long as the app is open: uploads go on while other pages of it are shown

/** @type {import("../router.js").Show} */
export function show(main, route) {
  const path = placeOf(route.path);
  if (path === null) {
    fill(main, emptyState({ icon: "circle-alert", title: t("drive.gone"), text: t("drive.gone.text"), action: button(t("drive.gone.start"), { kind: "primary", click: () => navigate("/") }) }));
    return;
  }
  if (!opened) {
    const drive = webdavSource();
    opened = { drive, desk: lazyDesk(drive) };
  }
  setTitle(path === "" ? t("drive.root") : nameOf(path));
  return folderView(main, { path, ...opened });
}
