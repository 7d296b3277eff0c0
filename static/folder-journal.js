/**
 * What a later visit needs to go on with saving a link into a folder of this computer: a handle of the folder that the person chose, and how the new folder in it is
 * numbered. No name, no key; how far it is, the files themselves show. IndexedDB "thorpe-folders", by the link's id.
 *
 * noteFolder(id, note), folderNote(id) -> Promise<FolderNote | null>, forgetFolder(id)     where storage is switched off, nothing is kept
 */

/** @typedef {{directory: FileSystemDirectoryHandle, number: number, chosen: number[] | null}} FolderNote chosen: indices of files in the manifest, null: all */

const store = "folders";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("thorpe-folders", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} act
 * @returns {Promise<any>}
 */
async function transact(mode, act) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/**
 * @param {string} id
 * @param {FolderNote} note
 */
export async function noteFolder(id, note) {
  await transact("readwrite", (folders) => folders.put(note, id)).catch(() => {}); // without it, only going on after a reload is not possible
}

/**
 * @param {string} id
 * @returns {Promise<FolderNote | null>}
 */
export async function folderNote(id) {
  const there = await globalThis.indexedDB?.databases?.().catch(() => []);
  if (there && !there.some(({ name }) => name === "thorpe-folders")) return null; // do not make it only to look
  return (await transact("readonly", (folders) => folders.get(id)).catch(() => null)) ?? null;
}

/** @param {string} id */
export async function forgetFolder(id) {
  await transact("readwrite", (folders) => folders.delete(id)).catch(() => {});
}
