/**
 * What a later visit needs to go on with saving a link into a folder of this computer: a handle of the folder that the person chose, and how the new folder in it is
 * numbered. No name, no key; how far it is, the files themselves show. IndexedDB "thorpe-folders", by the link's id.
 *
 * noteFolder(id, note), folderNote(id) -> Promise<FolderNote | null>, forgetFolder(id)     where storage is switched off, nothing is kept
 */
import { ownName } from "./base.js";
import { inStoreOf, leniently } from "./in-store.js";

/** @typedef {{directory: FileSystemDirectoryHandle, number: number, chosen: number[] | null}} FolderNote chosen: indices of files in the manifest, null: all */

const inStore = leniently(inStoreOf("thorpe-folders", "folders"));

/**
 * @param {string} id
 * @param {FolderNote} note
 */
export async function noteFolder(id, note) {
  await inStore("readwrite", (folders) => folders.put(note, id)); // without it, only going on after a reload is not possible
}

/**
 * @param {string} id
 * @returns {Promise<FolderNote | null>}
 */
export async function folderNote(id) {
  const there = await globalThis.indexedDB?.databases?.().catch(() => []);
  if (there && !there.some(({ name }) => name === ownName("thorpe-folders"))) return null; // do not make it only to look
  return (await inStore("readonly", (folders) => folders.get(id))) ?? null;
}

/** @param {string} id */
export async function forgetFolder(id) {
  await inStore("readwrite", (folders) => folders.delete(id));
}
