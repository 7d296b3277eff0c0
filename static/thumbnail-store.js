/**
 * The small pictures of files of the drive, kept in this browser between visits: in IndexedDB, by account and ETag, the least lately used go first. Signing out forgets them.
 *
 * keptPicture(entry) -> Promise<Blob | null>, keepPicture(entry, picture), forgetPictures()
 * None of these fails: a browser that keeps nothing makes them anew.
 */
import { inStoreOf, leniently } from "./in-store.js";

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {{key: string, blob: Blob, size: number, used: number}} Kept */

const inStore = leniently(inStoreOf("thorpe-thumbnails", "pictures", (db) => db.createObjectStore("pictures", { keyPath: "key" }).createIndex("used", ["used", "size"])));
const most = { pictures: 2_000, bytes: 64 * 1024 * 1024 };
const pause = 500; // milliseconds in which writes are collected
const tidyEvery = 100; // pictures written

/** What is to be written: a picture, or null where one was only used. @type {Map<string, Blob | null>} */
let unwritten = new Map();
let timer = 0;
let written = 0;

/** @param {Entry} entry */
const keyOf = ({ etag }) => (etag ? `${document.body.dataset.account} ${etag}` : "");

/**
 * @param {Entry} entry
 * @returns {Promise<Blob | null>}
 */
export async function keptPicture(entry) {
  const key = keyOf(entry);
  if (!key) return null;
  const found = /** @type {Kept | undefined} */ (await inStore("readonly", (store) => store.get(key)));
  if (!(found?.blob instanceof Blob)) return null;
  write(key, null);
  return found.blob;
}

/**
 * @param {Entry} entry
 * @param {Blob} picture
 */
export function keepPicture(entry, picture) {
  const key = keyOf(entry);
  if (key) write(key, picture);
}

export async function forgetPictures() {
  clearTimeout(timer);
  timer = 0;
  unwritten = new Map();
  await inStore("readwrite", (store) => store.clear());
}

/**
 * @param {string} key
 * @param {Blob | null} blob
 */
function write(key, blob) {
  if (blob || !unwritten.has(key)) unwritten.set(key, blob);
  timer ||= window.setTimeout(() => void writeAll(), pause);
}

async function writeAll() {
  timer = 0;
  const batch = unwritten;
  unwritten = new Map();
  await inStore("readwrite", (store) => {
    for (const [key, blob] of batch) {
      if (blob) {
        store.put({ key, blob, size: blob.size, used: Date.now() });
        continue;
      }
      const asked = store.get(key);
      asked.onsuccess = () => asked.result && store.put({ ...asked.result, used: Date.now() });
    }
    written += batch.size;
    if (written >= tidyEvery) {
      written = 0;
      tidy(store);
    }
  });
}

/**
 * Forgets what is over the bounds.
 * @param {IDBObjectStore} store
 */
function tidy(store) {
  let pictures = 0;
  let bytes = 0;
  const asked = store.index("used").openKeyCursor(null, "prev"); // lately used first; its keys are [used, size]
  asked.onsuccess = () => {
    const cursor = asked.result;
    if (!cursor) return;
    const size = Array.isArray(cursor.key) ? Number(cursor.key[1]) : 0;
    if (++pictures > most.pictures || (bytes += size) > most.bytes) store.delete(cursor.primaryKey);
    cursor.continue();
  };
}
