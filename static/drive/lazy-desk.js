/**
 * The desk where uploads are handed in (upload-desk.js), which is loaded with the first of them.
 *
 * @typedef {import("./upload-desk.js").UploadDesk} UploadDesk
 */
import { later } from "../later.js";
import { driveChanged } from "../space.js";
import { guardLeaving } from "./leaving.js";

/**
 * @param {import("./arrange.js").Place} source the drive
 * @returns {UploadDesk}
 */
export function lazyDesk(source) {
  /** @type {Set<(folder: string) => void>} */
  const listeners = new Set();
  /** @type {Promise<UploadDesk> | null} */
  let opening = null;

  async function open() {
    const { uploadDesk } = await later(() => import("./upload-desk.js"));
    const desk = uploadDesk(source);
    desk.onChange((folder) => {
      driveChanged();
      for (const listener of listeners) listener(folder);
    });
    return desk;
  }

  return {
    async take(picking, folder) {
      const done = guardLeaving(); // what was dropped is lost with the page, from now on
      try {
        await (await (opening ??= open())).take(picking, folder);
      } catch {
        opening = null;
      } finally {
        done();
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
