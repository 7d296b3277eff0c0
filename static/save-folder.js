/**
 * Saves files of a link straight into a folder of this computer, where the browser has the File System Access API: into a new folder of the link's name, in the one
 * that the person chooses, so that nothing is ever written over. After a reload it goes on where it was.
 *
 * canSaveFolder() -> boolean
 * chooseFolder() -> Promise<FileSystemDirectoryHandle | null>           asks the person, in a click; null: they chose none
 * saveFolder(opened, directory, entries | null, options) -> Promise<Saved>       entries: files and folders of the link, null: all; options as of download()
 * pendingFolder(opened) -> Promise<FolderNote | null>                   one that was begun and not finished
 * goOnSavingFolder(opened, note, options) -> Promise<Saved>             in a click, since the browser asks for permission again
 * forgetFolder(id)                                                      what is saved so far stays
 * Saved: {name, changed: [{from, to}]}      the new folder, and names that this disk could not hold
 *   throws FolderError {code: "no_permission" | "no_space" | "folder_gone" | "busy" (another tab saves it)}, and as download()
 */
import { everything } from "./download.js";
import { diskNames } from "./disk-names.js";
import { FolderError, folderErrorOf } from "./folder-error.js";
import { folderNote, forgetFolder, noteFolder } from "./folder-journal.js";
import { cleanPaths, numbered } from "./sealed/path.js";
import { unpackError } from "./worker-error.js";
import { inWorker } from "./working.js";

export { forgetFolder };

/** @typedef {import("./folder-journal.js").FolderNote} FolderNote */
/** @typedef {{name: string, changed: {from: string, to: string}[]}} Saved */
/** @typedef {import("./download.js").DownloadOptions} Options */

const mostFolders = 1000; // of one name
const page = /** @type {any} */ (globalThis);

export const canSaveFolder = () => typeof page.showDirectoryPicker === "function";

/** @returns {Promise<FileSystemDirectoryHandle | null>} */
export async function chooseFolder() {
  try {
    return await page.showDirectoryPicker({ id: "thorpe", mode: "readwrite", startIn: "downloads" });
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "AbortError") return null;
    throw folderErrorOf(error);
  }
}

/** @param {import("./open.js").Opened} opened */
export const pendingFolder = ({ id }) => folderNote(id);

/**
 * @param {import("./open.js").Opened} opened
 * @param {FileSystemDirectoryHandle} directory
 * @param {import("./source.js").Entry[] | null} entries
 * @param {Options} options
 * @returns {Promise<Saved>}
 */
export async function saveFolder(opened, directory, entries, options) {
  const { id, manifest, source } = opened;
  /** @type {number[] | null} */
  let chosen = null;
  if (entries) {
    const paths = new Set((await everything(source, entries)).filter(({ folder }) => !folder).map(({ path }) => path));
    chosen = manifest.files.flatMap(({ path }, i) => (paths.has(path) ? [i] : []));
  }
  const number = await freeNumber(directory, nameOf(opened)).catch((error) => {
    throw folderErrorOf(error);
  });
  const note = { directory, number, chosen };
  await noteFolder(id, note);
  return run(opened, note, options);
}

/**
 * @param {import("./open.js").Opened} opened
 * @param {FolderNote} note
 * @param {Options} options
 * @returns {Promise<Saved>}
 */
export async function goOnSavingFolder(opened, note, options) {
  const handle = /** @type {any} */ (note.directory);
  if ((await handle.requestPermission?.({ mode: "readwrite" })) === "denied") throw new FolderError("no_permission");
  return run(opened, note, options);
}

/** @param {import("./open.js").Opened} opened */
function nameOf({ manifest: { title, files } }) {
  const name = title || (files.length === 1 ? files[0].path.split("/")[0] : "files");
  const { folders: [clean] } = cleanPaths([], [name.replaceAll("/", "_")]);
  return diskNames([], [clean], { browser: true }).folders[0];
}

/**
 * @param {string} name
 * @param {number} number
 */
const nth = (name, number) => (number === 1 ? name : numbered(name, number));

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 */
async function freeNumber(directory, name) {
  for (let number = 1; number <= mostFolders; number++) {
    if (await isFree(directory, nth(name, number))) return number;
  }
  throw new FolderError("no_permission");
}

/**
 * @param {FileSystemDirectoryHandle} directory
 * @param {string} name
 */
async function isFree(directory, name) {
  try {
    await directory.getDirectoryHandle(name);
    return false;
  } catch (error) {
    const { name: kind } = /** @type {DOMException} */ (error);
    if (kind === "NotFoundError") return true;
    if (kind === "TypeMismatchError") return false; // a file is called so
    throw error;
  }
}

/**
 * @param {FileSystemDirectoryHandle} folder
 * @returns {Promise<boolean>} whether the disk takes a.txt and A.txt for one
 */
async function folds(folder) {
  const probe = ".thorpe-probe";
  await folder.getFileHandle(probe, { create: true });
  const same = !(await isFree(folder, probe.toUpperCase()));
  await folder.removeEntry(probe);
  return same;
}

/**
 * @param {import("./open.js").Opened} opened
 * @param {FolderNote} note
 * @param {Options} options
 * @returns {Promise<Saved>}
 */
async function run(opened, { directory, number, chosen }, options) {
  const { id, manifest, source } = opened;
  const name = nth(nameOf(opened), number);
  return navigator.locks.request(`thorpe/folder/${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) throw new FolderError("busy");
    try {
      const folder = await directory.getDirectoryHandle(name, { create: true });
      const wanted = chosen ? chosen.map((i) => manifest.files[i]).filter(Boolean) : manifest.files;
      const plan = diskNames(wanted.map(({ path }) => path), chosen ? [] : manifest.folders, { browser: true, folds: await folds(folder) });
      const files = wanted.map((file, i) => ({ ...file, name: "", folder: false, place: plan.files[i] }));
      const recipe = await source.recipe();
      options.signal?.throwIfAborted();
      const total = wanted.reduce((sum, { size }) => sum + size, 0);
      await inWorker("save-folder", { recipe, folder, files, folders: plan.folders }, {
        ...options,
        onMessage(data) {
          if (data.type === "progress") options.onProgress?.({ done: data.done, total });
          if (data.type === "state") options.onState?.(data.state);
        },
        faultOf: (error) => folderErrorOf(error.name, unpackError(error)),
        lost: () => new FolderError("folder_gone"),
      });
      await forgetFolder(id);
      return { name, changed: plan.changed };
    } catch (error) {
      if (options.signal?.aborted) await forgetFolder(id);
      throw folderErrorOf(error);
    }
  });
}
