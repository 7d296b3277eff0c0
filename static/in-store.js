/**
 * One object store of IndexedDB, in a database of its own.
 *
 * inStoreOf(database, store, make?, failed?) -> inStore(mode, work) -> Promise<any>
 *   make     makes the store, in the database's first version; by default one whose keys are given with what is put
 *   failed   makes the error of a storage that cannot be opened or written; it is given the browser's, which is null where another page stands in the way
 *   inStore  does work(store) in a transaction of its own, and answers what the request gives that work answers, if any, once the transaction is complete
 * leniently(inStore) -> inStore  the same, which answers undefined where it fails
 */
import { ownName } from "./base.js";

/** @typedef {(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest | void) => Promise<any>} InStore */

/**
 * @param {string} database
 * @param {string} store
 * @param {(db: IDBDatabase) => void} [make]
 * @param {(cause: DOMException | null) => unknown} [failed]
 * @returns {InStore}
 */
export function inStoreOf(database, store, make = (db) => db.createObjectStore(store), failed = (cause) => cause) {
  return async (mode, work) => {
    const db = await new Promise((/** @type {(db: IDBDatabase) => void} */ resolve, reject) => {
      const opening = indexedDB.open(ownName(database), 1);
      opening.onupgradeneeded = () => make(opening.result);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(failed(opening.error));
      opening.onblocked = () => reject(failed(null));
    });
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(store, mode);
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(asked?.result);
        transaction.onabort = () => reject(failed(transaction.error));
      });
    } finally {
      db.close();
    }
  };
}

/**
 * @param {InStore} inStore
 * @returns {InStore}
 */
export const leniently = (inStore) => (mode, work) => inStore(mode, work).catch(() => undefined);
