/**
 * Saves links into folders as the page does. The folder that a person would choose is one of the browser's own (OPFS), whose handles are real ones.
 */
import { diskNames } from "../disk-names.js";
import { fragmentFrom, openLink } from "../open.js";
import { goOnSavingFolder, pendingFolder, saveFolder } from "../save-folder.js";

const chosen = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", { create: true });

/** For the page itself, in place of the browser's dialog. */
export function chooseForThePerson() {
  /** @type {any} */ (globalThis).showDirectoryPicker = chosen;
}

/** The same for a single file. */
export function chooseAFileForThePerson() {
  /** @type {any} */ (globalThis).showSaveFilePicker = async (/** @type {{suggestedName: string}} */ { suggestedName }) => (await chosen()).getFileHandle(suggestedName, { create: true });
}

/** Empties what was chosen. */
export const forgetChosen = async () => (await navigator.storage.getDirectory()).removeEntry("chosen", { recursive: true });

/** @param {{in: string[], windows?: boolean, folds?: boolean}[]} cases paths, of folders with "/" at their end */
export const named = (cases) =>
  cases.map(({ in: paths, ...rules }) => {
    const { files, folders } = diskNames(paths.filter((path) => !path.endsWith("/")), paths.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1)), rules);
    return [...files, ...folders];
  });

/** @type {{ended: Promise<unknown>, done: number, stop: AbortController} | null} */
let saving = null;

/** @param {(options: import("../download.js").DownloadOptions) => Promise<unknown>} work */
function begin(work) {
  const self = { ended: Promise.resolve(/** @type {unknown} */ (null)), done: 0, stop: new AbortController() };
  saving = self;
  self.ended = work({ signal: self.stop.signal, onProgress: ({ done }) => (self.done = done) }).catch((error) => ({ error: error.code ?? error.name, message: String(error) }));
}

/**
 * @param {string} link
 * @param {string[]} [paths] none: all
 */
export async function beginSaving(link, paths) {
  const opened = await openLink(fragmentFrom(link));
  const all = [];
  for await (const entry of opened.source.walk("")) if (paths?.includes(entry.path)) all.push(entry);
  const directory = await chosen();
  begin((options) => saveFolder(opened, directory, paths ? all : null, options));
}

/**
 * @param {string} link
 * @returns {Promise<boolean>} whether there was something to go on with
 */
export async function goOn(link) {
  const opened = await openLink(fragmentFrom(link));
  const note = await pendingFolder(opened);
  if (note) begin((options) => goOnSavingFolder(opened, note, options));
  return note !== null;
}

export const endSaving = () => saving?.ended;

export function stopSaving() {
  saving?.stop.abort();
  return saving?.ended;
}

/** @param {number} bytes */
export async function savedSoFar(bytes) {
  while (saving && saving.done < bytes) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** All that lies in the chosen folder: path, size and digest. */
export async function found() {
  /** @type {{path: string, size: number, sha256: string}[]} */
  const all = [];
  /**
   * @param {any} folder
   * @param {string} path
   */
  async function look(folder, path) {
    for await (const [name, handle] of folder.entries()) {
      if (handle.kind === "directory") {
        all.push({ path: `${path}${name}/`, size: 0, sha256: "" });
        await look(handle, `${path}${name}/`);
        continue;
      }
      const bytes = await (await handle.getFile()).arrayBuffer();
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      all.push({ path: path + name, size: bytes.byteLength, sha256: Array.from(sum, (x) => x.toString(16).padStart(2, "0")).join("") });
    }
  }
  await look(await chosen(), "");
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}
