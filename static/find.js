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
import { ApiError, api, failure } from "./api.js";
import { at } from "./base.js";
import { accountHeader } from "./whose.js";

/**
 * @param {object} what
 * @param {string} what.folder  in which it begins, "" for the whole drive
 * @param {string} what.text
 * @param {(entries: Found[]) => void} what.found
 * @param {AbortSignal} what.signal
 * @returns {Promise<{complete: boolean, seen: number}>} complete: nothing was left out
 */
export async function search({ folder, text, found, signal }) {
  const answer = await ask(`/api/search?${new URLSearchParams({ in: folder, name: text })}`, signal);
  if (!answer.body) throw cut();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw signal.aborted ? error : cut();
    });
    if (done) throw cut(); // its last line did not come: this was not all
    const lines = (rest + value).split("\n");
    rest = /** @type {string} */ (lines.pop());
    /** @type {({end?: undefined} & Line | {end: true, complete: boolean, seen: number})[]} */
    const read = lines.map((line) => JSON.parse(line));
    const entries = read.flatMap((line) => (line.end ? [] : [entryOf(line)]));
    if (entries.length > 0) found(entries);
    const end = read.at(-1);
    if (end?.end) return end;
  }
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
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function ask(path, signal) {
  let answer;
  try {
    answer = await fetch(at(path), { signal, credentials: "same-origin", redirect: "error", cache: "no-store", headers: accountHeader() });
  } catch (error) {
    throw signal.aborted ? error : cut();
  }
  if (!answer.ok) throw await failure(answer);
  return answer;
}

const cut = () => new ApiError(0, "no_connection", "The answer broke off.");

/**
 * @param {Line} line
 * @returns {Found}
 */
function entryOf({ path, folder, size, modified, changed, etag }) {
  return { path, name: path.slice(path.lastIndexOf("/") + 1), folder, size, modified: new Date(modified), changed: new Date(changed), type: "", ...(folder ? {} : { etag }) };
}
