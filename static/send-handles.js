/**
 * Where the files of a send lie on this computer, as far as this browser can find them again by itself: the file system handles that were dropped or chosen, by upload, in
 * IndexedDB. No key, no secret. Only browsers with the File System Access API have them; elsewhere nothing is kept, and files are chosen again.
 *
 * keepHandles(upload, handles), handlesOf(upload) -> handles, forgetHandles(upload), forgetAllHandles(), tidyHandles(uploads)
 * None of these fails: a browser that keeps nothing asks for the files.
 */
import { inStoreOf, leniently } from "./in-store.js";

const inStore = leniently(inStoreOf("thorpe-sends", "handles", (db) => db.createObjectStore("handles", { keyPath: "upload" })));

/** A send that begins in another tab may not be in the list yet by which this one tidies up. */
const fresh = 24 * 3_600_000;

/** @typedef {{upload: string, at: number, handles: FileSystemHandle[]}} Kept */

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
  const all = /** @type {Kept[] | undefined} */ (await inStore("readonly", (store) => store.getAll()));
  for (const { upload, at } of all ?? []) if (!uploads.includes(upload) && Date.now() - at > fresh) await forgetHandles(upload);
}
