/**
 * Where uploads into the drive are handed in: it makes the folders, asks about taken names, queues the files, and shows the tray. One desk serves the whole
 * web drive, so that uploads go on while a person looks at other folders and pages.
 *
 * @typedef {ReturnType<typeof uploadDesk>} UploadDesk
 */
import { SIGNED_IN } from "../api.js";
import { held, later } from "../later.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { deleteUpload } from "../send-uploads.js";
import { didForGood } from "./acts.js";
import { arrange } from "./arrange.js";
import { askAboutCollision } from "./collision.js";
import { complain, mayHelp } from "./fault.js";
import { guardLeaving } from "./leaving.js";
import { acrossBreaks, onLine } from "./line.js";
import { waitingTray } from "./line-notice.js";
import { operationTray } from "./operation-tray.js";
import { nameOf, parentOf } from "./place.js";
import { SMALL, TOGETHER } from "./together.js";
import { transfer } from "./transfer.js";
import { traysPlace } from "./trays.js";
import { uploadID } from "./tus-taken.js";
import { isLost } from "./tray-failed.js";
import { uploadTray } from "./tray.js";
import { createUploads } from "./uploads.js";

/** @type {import("./arrange.js").Ask} */
const keepBoth = async () => ({ choice: "keep", all: true });

const lostFolder = () => held(later(() => import("./lost-folder.js")));

/**
 * A place in which the files are taken for there that are still on their way.
 * @param {import("./arrange.js").Place} place
 * @param {() => string[]} underWay
 * @returns {import("./arrange.js").Place}
 */
function withUnderWay(place, underWay) {
  return {
    ...place,
    async list(folder) {
      const coming = underWay(); // before: what arrives meanwhile is in one of both
      const there = await place.list(folder);
      return [...there, ...coming.filter((path) => parentOf(path) === folder).map((path) => ({ path, name: nameOf(path), folder: false, size: 0, modified: null, type: "" }))];
    },
  };
}

/**
 * Waits, telling why, until the person has signed in again in another tab: what was dropped is at hand as long as the page is open.
 * @param {number} count
 * @returns {Promise<void>}
 */
async function signedInAgain(count) {
  const close = toast(t("drive.drop.signed_out", { count }), { kind: "problem", keep: true });
  await new Promise((resolve) => addEventListener(SIGNED_IN, resolve, { once: true }));
  close();
}

/**
 * @param {import("./arrange.js").Place} source the drive
 */
export function uploadDesk(source) {
  /** @type {Set<(folder: string) => void>} */
  const listeners = new Set();
  /** @type {(() => void) | null} */
  let release = null;

  const uploads = createUploads({
    transfer,
    parts: TOGETHER,
    partsOf: ({ size }) => (size <= SMALL ? 1 : TOGETHER),
    changed() {
      tray.draw();
      if (uploads.busy || uploads.problems().some(mayHelp)) release ??= guardLeaving();
      else {
        release?.();
        release = null;
      }
    },
    dropped: ({ remains }) => void (remains && deleteUpload(uploadID(remains)).catch(() => {})), // else the server forgets it after some days
    finished: ({ path }) => tell(parentOf(path)),
    broken: (upload) => isLost(upload) && tell(parentOf(upload.path)), // whoever shows the folder sees that it is gone
  });
  const tray = uploadTray(uploads, {
    again: (lost) => void rescue(lost, async (base) => (await lostFolder()).makeAgain(source, base).then(() => base)),
    async elsewhere(lost) {
      const { askElsewhere } = await lostFolder();
      const folder = await askElsewhere(source);
      if (folder !== undefined) await rescue(lost, async () => folder);
    },
  });
  traysPlace().append(tray.element);
  onLine(() => tray.draw());

  /** @param {string} folder */
  function tell(folder) {
    for (const listener of listeners) listener(folder);
  }

  /** One after the other, so that never two questions stand in front of each other. */
  let queue = Promise.resolve();

  return {
    /**
     * Uploads what was picked into a folder.
     * @param {import("./picked.js").Picking | Promise<import("./picked.js").Picking>} picking  a large folder takes a while to be read
     * @param {string} folder
     * @returns {Promise<void>} when all of it is queued
     */
    take(picking, folder) {
      queue = queue.then(() => accept(picking, folder));
      return queue;
    },
    /**
     * Calls a listener with each folder whose content has changed.
     * @param {(folder: string) => void} listener
     * @returns {() => void} ends it
     */
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  /**
   * @param {import("./picked.js").Picking | Promise<import("./picked.js").Picking>} picking
   * @param {string} folder
   */
  async function accept(picking, folder) {
    const done = guardLeaving();
    const reading = operationTray(t("drive.reading"), 1, "");
    const over = new AbortController();
    const { signal } = over;
    const endWaiting = waitingTray(() => over.abort());
    /** The drive, however long it takes. @type {import("./arrange.js").Place} */
    const lasting = {
      list: (path) => acrossBreaks(() => source.list(path), signal),
      makeFolder: (path) => acrossBreaks(() => source.makeFolder(path), signal),
    };
    try {
      const { picked, unread, keep } = await picking;
      reading.end();
      if (unread.length > 0) toast(t("drive.unread", { count: unread.length, name: unread[0] }), { kind: "problem", keep: true });
      if (picked.length === 0) return;
      for (let to = /** @type {string | undefined} */ (folder); to !== undefined; ) {
        try {
          const arranged = await arrange(picked, to, { source: keep ? withUnderWay(lasting, uploads.underWay) : lasting, ask: keep ? keepBoth : askAboutCollision, signal });
          tell(to);
          if (!arranged || arranged.length === 0) return;
          uploads.add(arranged, to);
          didForGood(t("drive.undo.upload", { count: arranged.length, name: nameOf(arranged[0].path) }));
          return;
        } catch (error) {
          if (/** @type {{status?: any}} */ (error ?? {}).status === 401) {
            await signedInAgain(picked.length);
            continue;
          }
          if (to === "" || ![404, 409].includes(/** @type {{status?: any}} */ (error ?? {}).status)) throw error;
          tell(to);
          const { askLost } = await lostFolder();
          to = await askLost(source, to);
        }
      }
    } catch (error) {
      if (!signal.aborted) complain(error);
    } finally {
      endWaiting();
      reading.end();
      done();
    }
  }

  /**
   * Uploads into another folder, or one that was made again, what found its folder gone.
   * @param {import("./uploads.js").Upload[]} lost
   * @param {(base: string) => Promise<string>} toFolder
   */
  async function rescue(lost, toFolder) {
    try {
      for (const base of new Set(lost.map((one) => one.base))) {
        const folder = await toFolder(base);
        const some = lost.filter((one) => one.base === base && one.state === "failed");
        const picked = some.map(({ path, file }) => ({ path: base === "" ? path : path.slice(base.length + 1), file }));
        for (const one of some) uploads.cancel(one);
        tell(parentOf(folder));
        for (const { address } of some) if (address && folder !== base) void deleteUpload(uploadID(address)).catch(() => {}); // its bytes go anew
        await accept({ picked, unread: [] }, folder);
      }
    } catch (error) {
      complain(error);
    }
  }
}
