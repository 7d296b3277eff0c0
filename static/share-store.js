/**
 * What was shared into this app from the device's share sheet, as share-worker.js keeps it, and that worker's registration.
 *
 * registerShareTarget() -> Promise<void>       never fails: without it, the app is not offered to share into
 * sharedThings(id) -> Promise<Shared | null>   null where it is not, or no longer, here
 * forgetShared(id?) -> Promise<void>           one, or all; never fails
 *
 * @typedef {{id: string, at: number, title: string, text: string, url: string, files: File[], left: number}} Shared  left: files that were too many
 */
import { at } from "./base.js";
import { inStoreOf, leniently } from "./in-store.js";
import { scriptURL } from "./trusted.js";

const inStore = leniently(inStoreOf("thorpe-shared", "shared", (db) => db.createObjectStore("shared", { keyPath: "id" })));
const life = 3_600_000; // as in share-worker.js

export async function registerShareTarget() {
  const all = /** @type {Shared[] | undefined} */ (await inStore("readonly", (store) => store.getAll()));
  for (const { id, at } of all ?? []) if (at <= Date.now() - life) await forgetShared(id);
  try {
    await navigator.serviceWorker?.register(scriptURL(at("/share/worker.js")), { scope: at("/share/"), updateViaCache: "none" });
  } catch {
    // a private window, or a browser without
  }
}

/**
 * @param {string} id
 * @returns {Promise<Shared | null>}
 */
export async function sharedThings(id) {
  const shared = /** @type {Shared | undefined} */ (await inStore("readonly", (store) => store.get(id)));
  return shared && shared.at > Date.now() - life ? shared : null;
}

/** @param {string} [id] */
export async function forgetShared(id) {
  await inStore("readwrite", (store) => (id === undefined ? store.clear() : store.delete(id)));
}
