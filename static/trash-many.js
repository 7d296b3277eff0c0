/**
 * Brings back or removes many things of the trash, with requests for many at once. Start from restoreEach and discardEach of trash.js.
 */
import { jsonLines } from "./json-lines.js";
import { ApiError } from "./api.js";

// A request has as many as take about so long: where it is stopped, what has begun is waited for, so that of everything is known what became of it.
const FIRST = 16;
const MOST = 500; // the server takes 1,000
const LONG = 500; // milliseconds

/**
 * @param {"restorations" | "removals"} what
 * @param {string[]} ids
 * @param {import("./trash.js").Told} told
 * @param {{folder?: string, signal?: AbortSignal}} options
 */
export async function manyKept(what, ids, told, { folder, signal }) {
  let size = FIRST;
  for (let from = 0; from < ids.length && !signal?.aborted; ) {
    const some = ids.slice(from, from + size);
    const began = performance.now();
    let next = 0;
    try {
      for await (const lines of jsonLines("POST", `/api/trash/${what}`, { body: { ids: some, folder } })) {
        for (const line of lines) {
          if (line.end) continue;
          told(from + next++, line.code === undefined ? { path: line.path ?? "" } : { error: new ApiError(line.status, line.code, line.message) });
        }
      }
    } catch (error) {
      while (next < some.length) told(from + next++, { error });
    }
    from += some.length;
    size = performance.now() - began < LONG ? Math.min(size * 2, MOST) : Math.max(Math.floor(size / 2), FIRST);
  }
}
