/**
 * Reads files of the drive; the part of source-webdav.js that works in a worker too.
 *
 * webdavReader(prefix, line?) -> {url(path), read(entry, range?)}
 *   read fails with ApiError "changed" where the file is no longer the one that was listed, also when that happens halfway.
 */
import { ApiError, failure } from "./api.js";
import { resuming } from "./resume.js";

/** @typedef {import("./source.js").Entry} Entry */

/**
 * @param {string} prefix such as "/files/"
 * @param {import("./resume.js").Line} [line]
 */
export function webdavReader(prefix, line) {
  /** @param {string} path */
  const url = (path) => prefix + path.split("/").map(encodeURIComponent).join("/");

  return {
    url,
    /**
     * @param {Entry} entry
     * @param {import("./source.js").Range} [range]
     * @returns {Promise<ReadableStream<Uint8Array>>}
     */
    async read(entry, { start = 0, end = entry.size, signal } = {}) {
      return resuming((position, stop) => get(url(entry.path), entry, position, end, stop), start, end, { ...line, signal });
    },
  };
}

/**
 * @param {string} url
 * @param {Entry} entry
 * @param {number} start
 * @param {number} end
 * @param {AbortSignal} signal
 * @returns {Promise<ReadableStream<Uint8Array>>}
 */
async function get(url, entry, start, end, signal) {
  if (start === end) return new Blob([]).stream();
  /** @type {Record<string, string>} */
  const headers = {};
  if (entry.etag) headers["If-Match"] = entry.etag;
  const partial = start !== 0 || end !== entry.size;
  if (partial) headers.Range = `bytes=${start}-${end - 1}`;
  const answer = await fetch(url, { headers, signal, credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (answer.status === 412 || answer.status === 404) throw new ApiError(answer.status, "changed", "");
  if (!answer.ok) throw await failure(answer);
  const length = Number(answer.headers.get("Content-Length") ?? end - start);
  if (answer.status !== (partial ? 206 : 200) || length !== end - start || !answer.body) throw new ApiError(answer.status, "changed", "");
  return answer.body;
}
