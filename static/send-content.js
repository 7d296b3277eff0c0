/**
 * The content of a link that is being sent: the plaintext of all files and the padding, read where it lies, and sealed in batches.
 *
 * contentOf(files, padding) -> {size, sum, read(start, end, signal) -> Promise<Uint8Array>, unchanged(signal) -> Promise<void>}
 * sealedBatches(key, content, signal) -> {size, take(start, end) -> Promise<Uint8Array>}     sealed bytes; seals the next batch while one is on its way
 * They fail with SendError source_changed or unreadable, which name the file.
 */
import { ApiError, failure } from "./api.js";
import { webdavReader } from "./reader-webdav.js";
import { SendError } from "./send-error.js";
import { readAll } from "./source.js";
import { chunkCount, chunkSize, sealInto, sealedChunkSize, sealedSize } from "./sealed/stream.js";

/** @typedef {{path: string, size: number, from: import("./send.js").Origin}} File */
/** @typedef {ReturnType<typeof contentOf>} Content */

/** Files that are read or looked at, and chunks that are sealed, at once. */
const atOnce = 6;

/**
 * @param {File[]} files
 * @param {number} padding
 */
export function contentOf(files, padding) {
  /** @type {number[]} where each file starts, and at last where the padding does */
  const starts = [0];
  for (const { size } of files) starts.push(/** @type {number} */ (starts.at(-1)) + size);
  const sum = /** @type {number} */ (starts.at(-1));
  const size = sum + padding;

  /**
   * @param {number} at
   * @returns {number} the first file that ends after this byte
   */
  function fileAt(at) {
    let low = 0;
    let high = files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle + 1] > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {AbortSignal} signal
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async function read(start, end, signal) {
    const plaintext = new Uint8Array(end - start); // what no file fills is padding
    /** @type {(() => Promise<void>)[]} */
    const parts = [];
    for (let i = fileAt(start); i < files.length && starts[i] < end; i++) {
      const from = Math.max(start, starts[i]);
      const to = Math.min(end, starts[i + 1]);
      parts.push(async () => plaintext.set(await readFile(files[i], from - starts[i], to - starts[i], signal), from - start));
    }
    await all(parts);
    return plaintext;
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<void>} rejects where a file is not what it was
   */
  async function unchanged(signal) {
    await all(files.map((file) => () => checkFile(file, signal)));
  }

  return { size, sum, read, unchanged };
}

/**
 * @param {(() => Promise<void>)[]} tasks
 */
async function all(tasks) {
  let next = 0;
  const run = async () => {
    while (next < tasks.length) await tasks[next++]();
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}

/**
 * @param {File} file
 * @param {number} start
 * @param {number} end
 * @param {AbortSignal} signal
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function readFile({ path, from }, start, end, signal) {
  if (from.kind === "drive") {
    try {
      return await readAll(await webdavReader(from.prefix).read(from.entry, { start, end, signal }), end - start);
    } catch (error) {
      throw error instanceof ApiError && error.code === "changed" ? new SendError("source_changed", path, { cause: error }) : error;
    }
  }
  const bytes = await readLocal(from.file.slice(start, end), path);
  if (bytes.length !== end - start) throw new SendError("source_changed", path);
  return bytes;
}

/**
 * A File names one state of what lies on the disk: browsers refuse to read it when size or modification time are others now.
 *
 * @param {Blob} blob
 * @param {string} path
 */
async function readLocal(blob, path) {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new SendError(cause instanceof DOMException && cause.name === "NotReadableError" ? "source_changed" : "unreadable", path, { cause });
  }
}

/**
 * @param {File} file
 * @param {AbortSignal} signal
 */
async function checkFile({ path, from }, signal) {
  if (from.kind === "file") {
    await readLocal(from.file.slice(0, 1), path);
    return;
  }
  const headers = from.entry.etag ? { "If-Match": from.entry.etag } : undefined;
  const answer = await fetch(webdavReader(from.prefix).url(from.entry.path), { method: "HEAD", headers, signal, credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (answer.status === 412 || answer.status === 404) throw new SendError("source_changed", path);
  if (!answer.ok) throw await failure(answer);
}

/**
 * @param {CryptoKey} key
 * @param {Content} content
 * @param {AbortSignal} signal
 */
export function sealedBatches(key, content, signal) {
  const size = sealedSize(content.size);
  const count = chunkCount(content.size);
  /** @type {{start: number, end: number, sealed: Promise<Uint8Array<ArrayBuffer>>} | null} */
  let ahead = null;
  let expected = 0;

  /**
   * @param {number} start at the start of a chunk
   * @param {number} end at the end of one
   */
  async function seal(start, end) {
    const first = start / sealedChunkSize;
    const after = Math.ceil(end / sealedChunkSize);
    const from = first * chunkSize;
    const plaintext = await content.read(from, Math.min(content.size, after * chunkSize), signal);
    const sealed = new Uint8Array(end - start);
    await all(
      Array.from({ length: after - first }, (_, i) => async () => {
        const chunk = plaintext.subarray(i * chunkSize, (i + 1) * chunkSize);
        await sealInto(key, chunk, first + i, first + i === count - 1, sealed.subarray(i * sealedChunkSize));
      }),
    );
    return sealed;
  }

  /**
   * Never gives the same sealed bytes twice: what must go again, after the line dropped, is sealed again with new nonces, and only while every file is what it was.
   *
   * @param {number} start
   * @param {number} end
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async function take(start, end) {
    if (start % sealedChunkSize !== 0 || (end !== size && end % sealedChunkSize !== 0)) throw new Error("sending: the server holds half a chunk");
    if (start !== expected) {
      ahead = null;
      await content.unchanged(signal);
    }
    const sealing = ahead?.start === start && ahead.end === end ? ahead.sealed : seal(start, end);
    ahead = null;
    const sealed = await sealing;
    expected = end;
    if (end < size) {
      const next = { start: end, end: Math.min(size, end + (end - start)) };
      ahead = { ...next, sealed: seal(next.start, next.end) };
      ahead.sealed.catch(() => {}); // seen when its turn comes
    }
    return sealed;
  }

  return { size, take };
}
