/**
 * Finding files of the account's drive (docs/api.md).
 *
 * search({folder, text, found, signal}) -> Promise<{complete, seen}>       by name; found is called with what has come, again and again
 * recent({signal?}) -> Promise<{entries, complete}>                        what changed last, newest first
 * folderSize(path, {signal?}) -> Promise<{size, files, folders, complete}>
 * An entry is that of source.js, with the time `changed` when it came to be what and where it is.
 *
 * @typedef {import("./source.js").Entry & {changed: Date}} Found
 * @typedef {{path: string, folder: boolean, size: number, modified: string, changed: string, etag: string}} Line
 */
import { api } from "./api.js";
import { jsonLines } from "./json-lines.js";

/**
 * @param {object} what
 * @param {string} what.folder  in which it begins, "" for the whole drive
 * @param {string} what.text
 * @param {(entries: Found[]) => void} what.found
 * @param {AbortSignal} what.signal
 * @returns {Promise<{complete: boolean, seen: number}>} complete: nothing was left out
 */
export async function search({ folder, text, found, signal }) {
  for await (const lines of jsonLines("GET", `/api/search?${new URLSearchParams({ in: folder, name: text })}`, { signal })) {
    const entries = lines.flatMap((line) => (line.end ? [] : [entryOf(line)]));
    if (entries.length > 0) found(entries);
    const end = lines.at(-1);
    if (end.end) return end;
  }
  throw new Error("lines without an end");
}

/**
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{entries: Found[], complete: boolean}>}
 */
export async function recent(options) {
  /** @type {{entries: Line[], complete: boolean}} */
  const { entries, complete } = await api("GET", "/api/recent", undefined, options);
  return { entries: entries.map(entryOf), complete };
}

/**
 * @param {string} path
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{size: number, files: number, folders: number, complete: boolean}>}
 */
export const folderSize = (path, options) => api("GET", `/api/folder-size?${new URLSearchParams({ in: path })}`, undefined, options);

/**
 * @param {Line} line
 * @returns {Found}
 */
function entryOf({ path, folder, size, modified, changed, etag }) {
  return { path, name: path.slice(path.lastIndexOf("/") + 1), folder, size, modified: new Date(modified), changed: new Date(changed), type: "", ...(folder ? {} : { etag }) };
}
