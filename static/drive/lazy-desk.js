/**
 * The desk where uploads are handed in (upload-desk.js), which is loaded with the first of them.
 *
 * @typedef {import("./upload-desk.js").UploadDesk} UploadDesk
 */
import { later } from "../later.js";
import { driveChanged } from "../space.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { serverAnswers } from "./fault.js";
import { guardLeaving } from "./leaving.js";

const AGAIN = 4_000; // milliseconds

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
    const { uploadDesk } = await later(() => whenever(() => import("./upload-desk.js")));
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

/**
 * Loads once the server answers: what was dropped is not to be lost for the want of a module.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
async function whenever(load) {
  /** @type {(() => void) | null} */
  let close = null;
  try {
    for (;;) {
      try {
        return await load();
      } catch (error) {
        if (await serverAnswers()) throw error; // the page is older than the server
      }
      close ??= toast(t(navigator.onLine ? "drive.line.server" : "drive.line.offline"), { kind: "problem", keep: true });
      const turn = AbortSignal.timeout(AGAIN);
      await new Promise((resolve) => {
        turn.addEventListener("abort", resolve);
        addEventListener("online", resolve, { signal: turn });
      });
    }
  } finally {
    close?.();
  }
}
