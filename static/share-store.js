/**
 * What was shared into this app from the device's share sheet, as share-worker.js keeps it, and that worker's registration.
 *
 * registerShareTarget() -> Promise<void>       never fails: without it, the app is not offered to share into
 * sharedThings(id) -> Promise<Shared | null>   null where it is not, or no longer, here
 * forgetShared(id?) -> Promise<void>           one, or all; never fails
 *
 * @typedef {{id: string, at: number, title: string, text: string, url: string, files: File[], left: number}} Shared  left: files that were too many
 */
import { scriptURL } from "./trusted.js";

const life = 3_600_000; // as in share-worker.js

export async function registerShareTarget() {
  const all = /** @type {Shared[] | null} */ (await inStore("readonly", (store) => store.getAll()));
  for (const { id, at } of all ?? []) if (at <= Date.now() - life) await forgetShared(id);
  try {
    await navigator.serviceWorker?.register(scriptURL("/share/worker.js"), { scope: "/share/", updateViaCache: "none" });
  } catch {
    // a private window, or a browser without
  }
}

/**
 * @param {string} id
 * @returns {Promise<Shared | null>}
 */
export async function sharedThings(id) {
  const shared = /** @type {Shared | undefined | null} */ (await inStore("readonly", (store) => store.get(id)));
  return shared && shared.at > Date.now() - life ? shared : null;
}

/** @param {string} [id] */
export async function forgetShared(id) {
  await inStore("readwrite", (store) => (id === undefined ? store.clear() : store.delete(id)));
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} request
 * @returns {Promise<unknown>} null where the browser does not let us
 */
async function inStore(mode, request) {
  /** @type {IDBDatabase | null} */
  let db = null;
  try {
    db = await new Promise((resolve, reject) => {
      const opening = indexedDB.open("thorpe-shared", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("shared", { keyPath: "id" });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
      opening.onblocked = () => reject(opening.error);
    });
    return await new Promise((resolve, reject) => {
      const transaction = /** @type {IDBDatabase} */ (db).transaction("shared", mode);
      const asked = request(transaction.objectStore("shared"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch {
    return null;
  } finally {
    db?.close();
  }
}
