/**
 * The account's drive as a Source, over WebDAV (RFC 4918) at /files/.
 *
 * webdavSource(prefix = "/files/") -> Source and:
 *   stat(path, {signal?}) -> Promise<Entry>
 *   makeFolder(path) -> Promise<void>                            405 exists, 409 no_parent
 *   move(from, to, {overwrite = false}) -> Promise<string[]>     409 no_parent, 412 exists
 *   copy(from, to, {overwrite = false}) -> Promise<string[]>
 *   remove(path, {etag?}) -> Promise<string[]>
 *   write(path, blob, {etag?, create?, onProgress?, signal?}) -> Promise<{etag: string}>    etag: only over that version; create: only where nothing is
 *   list(path, {signal?, seen?}) -> Promise<Entry[]>                  in the order of order.js; seen is told how many were read so far
 * move, copy and remove answer under which ids of the trash the server keeps what they replaced or deleted (trash.js): none where nothing was.
 * list and walk leave out the files that systems write beside people's own (hidden.js); after a move, copy or remove, what macOS knows of the thing follows it.
 * Failures are ApiError {status, code}; codes: exists, no_parent, changed, locked, no_space, too_large, not_found, not_signed_in, bad_name, no_connection, internal.
 */
import { ApiError, SIGNED_OUT } from "./api.js";
import { at } from "./base.js";
import { appleDouble, isHidden } from "./hidden.js";
import { accountHeader } from "./whose.js";
import { readMultistatus } from "./multistatus.js";
import { inNameOrder } from "./drive/order.js";
import { driveChanged } from "./space.js";

/** @typedef {import("./source.js").Entry} Entry */

const properties = `<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/><getcontenttype/><getetag/></prop></propfind>`;

/** Folders whose hidden files are remembered. */
const mostFolders = 1000;

/** @param {string} [prefix] */
export function webdavSource(prefix = at("/files/")) {
  /** @param {string} path */
  const url = (path) => prefix + path.split("/").map(encodeURIComponent).join("/");

  /** @type {ReturnType<typeof import("./reader-webdav.js").webdavReader> | null} */
  let reader = null;

  /** The hidden files of each folder that was listed, by path. @type {Map<string, Set<string>>} */
  const hidden = new Map();

  /**
   * @param {string} path
   * @param {"0" | "1"} depth
   * @param {{signal?: AbortSignal, seen?: (count: number) => void}} options
   * @returns {Promise<Entry[]>} the folder itself and what lies in it, in the server's order
   */
  async function propfind(path, depth, { signal, seen }) {
    try {
      return await readMultistatus(await ask(url(path), depth, signal), prefix, seen);
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof TypeError ? new ApiError(0, "no_connection", "") : error; // no line, or one that broke off
    }
  }

  /**
   * @param {string} path
   * @param {{signal?: AbortSignal, seen?: (count: number) => void}} [options] seen: how many were read so far, now and then
   */
  async function list(path, options = {}) {
    const entries = await propfind(folderPath(path), "1", options);
    if (hidden.size === mostFolders) hidden.clear();
    hidden.set(path, new Set(entries.filter((entry) => isHidden(entry.name, entry.folder)).map((entry) => entry.path)));
    return inNameOrder(entries.filter((entry) => entry.path !== path && !isHidden(entry.name, entry.folder)));
  }

  /**
   * @param {string} path
   * @param {{signal?: AbortSignal}} [options]
   * @returns {AsyncGenerator<Entry>}
   */
  async function* walk(path, options) {
    for (const entry of await list(path, options)) {
      yield entry;
      if (entry.folder) yield* walk(entry.path, options);
    }
  }

  /**
   * @param {string} path
   * @param {{signal?: AbortSignal}} [options]
   */
  async function stat(path, { signal } = {}) {
    return (await propfind(path, "0", { signal }))[0];
  }

  /**
   * @param {"MOVE" | "COPY"} method
   * @param {string} from
   * @param {string} to
   * @param {boolean} overwrite
   */
  async function transfer(method, from, to, overwrite) {
    /** @param {string} path */
    const destination = (path) => new URL(url(path), location.href).href;
    const kept = keptBy(await request(method, url(from), { Destination: destination(to), Overwrite: overwrite ? "T" : "F" }, undefined, { exists: 412 }));
    await follow(from, async () => {
      const there = await stat(appleDouble(to)).catch(() => null);
      if (!there?.folder) kept.push(...keptBy(await request(method, url(appleDouble(from)), { Destination: destination(appleDouble(to)), Overwrite: "T" })));
      hidden.get(parentOf(to))?.add(appleDouble(to));
    });
    return kept;
  }

  /**
   * Does to what macOS knows of a file or folder what was done to that itself, as Finder would, lest it is taken for another's later. Most have none; and where it
   * fails, what was asked for is done all the same. A folder of such a name is somebody's own. Where the folder was listed and shows none, it is not asked for: the
   * browser would write each 404 into its console.
   *
   * @param {string} path
   * @param {(twin: Entry) => Promise<unknown>} act
   */
  async function follow(path, act) {
    const known = hidden.get(parentOf(path));
    if (known && !known.has(appleDouble(path))) return;
    try {
      const twin = await stat(appleDouble(path));
      if (!twin.folder) await act(twin);
    } catch {
      // there is none, or it stays
    }
  }

  return {
    list,
    walk,
    stat,
    /**
     * @param {Entry} entry
     * @param {import("./source.js").Range} [range]
     */
    async read(entry, range) {
      reader ??= (await import("./reader-webdav.js")).webdavReader(prefix); // loaded with the first file
      return reader.read(entry, range);
    },
    recipe: async () => ({ kind: /** @type {const} */ ("webdav"), prefix }),

    /** @param {string} path */
    async makeFolder(path) {
      await request("MKCOL", url(folderPath(path)), {}, undefined, { exists: 405 });
    },
    /**
     * @param {string} from
     * @param {string} to
     * @param {{overwrite?: boolean}} [options]
     */
    move: (from, to, { overwrite = false } = {}) => transfer("MOVE", from, to, overwrite),
    /**
     * @param {string} from
     * @param {string} to
     * @param {{overwrite?: boolean}} [options]
     */
    copy: (from, to, { overwrite = false } = {}) => transfer("COPY", from, to, overwrite),
    /**
     * @param {string} path
     * @param {{etag?: string}} [options]
     */
    async remove(path, { etag } = {}) {
      const kept = keptBy(await request("DELETE", url(path), etag === undefined ? {} : { "If-Match": etag }));
      await follow(path, (twin) => request("DELETE", url(twin.path), { "If-Match": twin.etag ?? "" })); // and comes back with it
      return kept;
    },
    /**
     * @param {string} path
     * @param {Blob} blob
     * @param {{etag?: string, create?: boolean, onProgress?: (sent: number) => void, signal?: AbortSignal}} [options]
     */
    async write(path, blob, { etag, create = false, onProgress, signal } = {}) {
      /** @type {Record<string, string>} */
      const headers = { "Content-Type": "application/octet-stream" };
      if (etag !== undefined) headers["If-Match"] = etag;
      if (create) headers["If-None-Match"] = "*";
      const answer = await request("PUT", url(path), headers, blob, { onProgress, signal, exists: create ? 412 : 0 });
      return { etag: answer.getResponseHeader("ETag") ?? "" };
    },
  };
}

/**
 * The id of what a request put aside, if it did.
 * @param {XMLHttpRequest} answer
 */
function keptBy(answer) {
  const id = answer.getResponseHeader("Thorpe-Kept");
  return id ? [id] : [];
}

/** @param {string} path */
const parentOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** @param {string} path */
const folderPath = (path) => (path === "" ? "" : `${path}/`);

/**
 * Asks for what lies in a folder, and reads the answer as it comes.
 *
 * @param {string} url
 * @param {"0" | "1"} depth
 * @param {AbortSignal} [signal]
 * @returns {Promise<ReadableStream<Uint8Array<ArrayBuffer>>>}
 */
async function ask(url, depth, signal) {
  const headers = { Depth: depth, "Content-Type": "application/xml", ...accountHeader() };
  const answer = await fetch(url, { method: "PROPFIND", headers, body: properties, signal, credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (answer.status !== 207 || !answer.body) throw webdavError(answer.status, answer.headers.get("Retry-After"));
  return answer.body;
}

/**
 * XMLHttpRequest, because it alone tells how much was sent.
 *
 * @param {string} method
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {string | Blob} [body]
 * @param {{signal?: AbortSignal, exists?: number, onProgress?: (sent: number) => void}} [options] exists: the status that says that the name is taken
 * @returns {Promise<XMLHttpRequest>}
 */
function request(method, url, headers, body, { signal, exists = 0, onProgress } = {}) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    for (const [name, value] of Object.entries({ ...headers, ...accountHeader() })) xhr.setRequestHeader(name, value);
    if (onProgress) xhr.upload.onprogress = ({ loaded }) => onProgress(loaded);
    const abort = () => xhr.abort();
    signal?.addEventListener("abort", abort);
    xhr.onloadend = () => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) reject(signal.reason);
      else if (xhr.status >= 200 && xhr.status < 300) {
        driveChanged();
        resolve(xhr);
      }
      else reject(xhr.status === exists ? new ApiError(exists, "exists", "") : webdavError(xhr.status, xhr.getResponseHeader("Retry-After")));
    };
    xhr.send(body);
  });
}

/**
 * @param {number} status
 * @param {string | null} retryAfter
 */
function webdavError(status, retryAfter) {
  if (status === 401) globalThis.dispatchEvent(new Event(SIGNED_OUT));
  return new ApiError(status, codes[status] ?? "internal", "", Number.parseInt(retryAfter ?? "", 10) || null);
}

/** @type {Readonly<Record<number, string>>} */
const codes = Object.freeze({
  0: "no_connection",
  400: "bad_name",
  401: "not_signed_in",
  404: "not_found",
  409: "no_parent",
  412: "changed",
  413: "too_large",
  423: "locked",
  429: "slow_down",
  507: "no_space",
});
