/**
 * The account's drive and the desk where uploads into it are handed in, for as long as the app is open: uploads go on while other pages of it are shown.
 *
 * openedDrive() -> {drive, desk}      always the same
 */
import { webdavSource } from "../source-webdav.js";
import { lazyDesk } from "./lazy-desk.js";

/** @type {{drive: ReturnType<typeof webdavSource>, desk: import("./upload-desk.js").UploadDesk} | null} */
let opened = null;

export function openedDrive() {
  if (!opened) {
    const drive = webdavSource();
    opened = { drive, desk: lazyDesk(drive) };
  }
  return opened;
}
