/**
 * Where the files of a send, and large ones on their way into the drive, lie on this computer, as far as this browser can find them again by itself: the file system handles
 * that were dropped or chosen, by upload, in IndexedDB. No key, no secret. Only browsers with the File System Access API have them; elsewhere nothing is kept, and files are chosen again.
 *
 * keepHandles(upload, handles), handlesOf(upload) -> handles, forgetHandles(upload), forgetAllHandles(), tidyHandles(uploads)      of sends
 * keepOrigin(upload, origin), origins() -> origins by upload, tidyOrigins(uploads)                                                of files for the drive
 * None of these fails: a browser that keeps nothing asks for the files.
 */
import { inStoreOf, leniently } from "./in-store.js";

const inStore = leniently(inStoreOf("thorpe-sends", "handles", (db) => db.createObjectStore("handles", { keyPath: "upload" })));

/** A send that begins in another tab may not be in the list yet by which this one tidies up. */
const fresh = 24 * 3_600_000;

/**
 * Where a file lies: a handle of it, or of the folder that was picked, and its path from there, which begins with the handle's own name.
 * @typedef {{root: FileSystemHandle, path: string}} Origin
 */
/** @typedef {{upload: string, at: number, handles: FileSystemHandle[], path?: string}} Kept  path: of a file for the drive, from its handle */

/**
 * @param {string} upload
 * @param {FileSystemHandle[]} handles
 */
export async function keepHandles(upload, handles) {
  if (handles.length > 0) await inStore("readwrite", (store) => store.put({ upload, at: Date.now(), handles }));
}

/**
 * @param {string} upload
 * @returns {Promise<FileSystemHandle[]>}
 */
export async function handlesOf(upload) {
  const found = /** @type {Kept | undefined} */ (await inStore("readonly", (store) => store.get(upload)));
  return found?.handles ?? [];
}

/** @param {string} upload */
export async function forgetHandles(upload) {
  await inStore("readwrite", (store) => store.delete(upload));
}

export async function forgetAllHandles() {
  await inStore("readwrite", (store) => store.clear());
}

/**
 * Forgets what belongs to none of these uploads any more: they were published or swept, here or elsewhere.
 * @param {string[]} uploads
 */
export async function tidyHandles(uploads) {
  await tidy(uploads, false);
}

/**
 * @param {string} upload
 * @param {Origin} origin
 */
export async function keepOrigin(upload, { root, path }) {
  await inStore("readwrite", (store) => store.put({ upload, at: Date.now(), handles: [root], path }));
}

/** @returns {Promise<Map<string, Origin>>} */
export async function origins() {
  /** @type {Map<string, Origin>} */
  const found = new Map();
  for (const { upload, handles, path } of await all()) if (path !== undefined) found.set(upload, { root: handles[0], path });
  return found;
}

/** @param {string[]} uploads  as for tidyHandles */
export async function tidyOrigins(uploads) {
  await tidy(uploads, true);
}

/** @returns {Promise<Kept[]>} */
const all = async () => (await inStore("readonly", (store) => store.getAll())) ?? [];

/**
 * @param {string[]} uploads
 * @param {boolean} drive  whether of files for the drive
 */
async function tidy(uploads, drive) {
  for (const { upload, at, path } of await all()) {
    if ((path !== undefined) === drive && !uploads.includes(upload) && Date.now() - at > fresh) await forgetHandles(upload);
  }
}
