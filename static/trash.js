/**
 * The trash of the account's drive (docs/api.md): what was deleted by any door, and can come back.
 *
 * readTrash(after?, {signal?}) -> Promise<{items, next, newest, size}>     newest first, 500 at a time; next: to go on with
 * restore(id, folder?) -> Promise<{path}>                                  to where it was, or into a folder ("" is the drive itself); never over anything
 * discard(id) -> Promise<null>                                             for good
 * restoreEach(ids, told, {folder?, signal?}), discardEach(ids, told, {signal?}) -> Promise<void>    many, in their order; told of each as it is done
 * emptyTrash(last) -> Promise<{items: number}>                             for good, up to what was newest when it was read
 * Failures are ApiError; codes besides the usual ones: not_found, no_parent, locked, no_space, bad_path.
 *
 * @typedef {object} Trashed
 * @property {string} id  also what the header Thorpe-Kept says of a request that deleted or replaced something
 * @property {string} path  where it was
 * @property {string} at
 * @property {string} until  when it goes for good by itself
 * @property {"dav" | "files" | ""} door
 * @property {string} device  the label of an app password, or how a browser names itself; "" if unknown
 * @property {boolean} folder
 * @property {number | null} size  null: not measured yet
 */
import { api } from "./api.js";

/**
 * @param {string} [after]
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{items: Trashed[], next: string | null, newest: string | null, size: number}>}
 */
export const readTrash = (after = "", options) => api("GET", `/api/trash${after && `?after=${after}`}`, undefined, options);

/**
 * @param {string} id
 * @param {string} [folder]
 * @returns {Promise<{path: string}>} where it is now
 */
export const restore = (id, folder) => api("POST", `/api/trash/${encodeURIComponent(id)}/restoration`, folder === undefined ? {} : { folder });

/** @param {string} id */
export const discard = (id) => api("DELETE", `/api/trash/${encodeURIComponent(id)}`);

/**
 * What became of one of many: where it is now ("" of what is gone for good), or why nothing was done.
 * @typedef {{path: string, error?: undefined} | {path?: undefined, error: unknown}} Result
 * @typedef {(index: number, result: Result) => void} Told
 */

/**
 * Brings back one after the other, and goes on past what fails. Of those that are not begun once the signal is aborted, nothing is told.
 * @param {string[]} ids
 * @param {Told} told
 * @param {{folder?: string, signal?: AbortSignal}} [options]
 */
export async function restoreEach(ids, told, { folder, signal } = {}) {
  if (ids.length === 1) return one(() => restore(ids[0], folder), told, signal);
  const { manyKept } = await import("./trash-many.js");
  await manyKept("restorations", ids, told, { folder, signal });
}

/**
 * @param {string[]} ids
 * @param {Told} told
 * @param {{signal?: AbortSignal}} [options]
 */
export async function discardEach(ids, told, { signal } = {}) {
  if (ids.length === 1) return one(() => discard(ids[0]).then(() => ({ path: "" })), told, signal);
  const { manyKept } = await import("./trash-many.js");
  await manyKept("removals", ids, told, { signal });
}

/**
 * @param {() => Promise<{path: string}>} work
 * @param {Told} told
 * @param {AbortSignal} [signal]
 */
async function one(work, told, signal) {
  if (!signal?.aborted) told(0, await work().catch((error) => ({ error })));
}

/**
 * @param {string} last
 * @returns {Promise<{items: number}>}
 */
export const emptyTrash = (last) => api("DELETE", `/api/trash?last=${encodeURIComponent(last)}`);
