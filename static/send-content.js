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
  /** @typedef {{sealed: Uint8Array<ArrayBuffer>, plaintext: Uint8Array<ArrayBuffer>, from: number}} Batch  from: where its plaintext lies in the content */
  /** @type {{start: number, end: number, batch: Promise<Batch>} | null} */
  let ahead = null;
  /** @type {Batch | null} what was given last, and may have to be sealed again */
  let given = null;
  let expected = 0;

  /**
   * The plaintext of chunks: what was given before comes out of memory, so that it is the same whatever became of the files, and whether or not a browser notices that.
   *
   * @param {number} from
   * @param {number} to
   */
  async function plaintextOf(from, to) {
    if (!given || from < given.from || from >= given.from + given.plaintext.length) return content.read(from, to, signal);
    const same = given.plaintext.subarray(from - given.from, to - given.from);
    const plaintext = new Uint8Array(to - from);
    plaintext.set(same);
    if (same.length < plaintext.length) plaintext.set(await content.read(from + same.length, to, signal), same.length);
    return plaintext;
  }

  /**
   * @param {number} start at the start of a chunk
   * @param {number} end at the end of one
   * @returns {Promise<Batch>}
   */
  async function seal(start, end) {
    const first = start / sealedChunkSize;
    const after = Math.ceil(end / sealedChunkSize);
    const from = first * chunkSize;
    const plaintext = await plaintextOf(from, Math.min(content.size, after * chunkSize));
    const sealed = new Uint8Array(end - start);
    await all(
      Array.from({ length: after - first }, (_, i) => async () => {
        const chunk = plaintext.subarray(i * chunkSize, (i + 1) * chunkSize);
        await sealInto(key, chunk, first + i, first + i === count - 1, sealed.subarray(i * sealedChunkSize));
      }),
    );
    return { sealed, plaintext, from };
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
    const sealing = ahead?.start === start && ahead.end === end ? ahead.batch : seal(start, end);
    ahead = null;
    given = await sealing;
    expected = end;
    const { sealed } = given;
    if (end < size) {
      const next = { start: end, end: Math.min(size, end + (end - start)) };
      ahead = { ...next, batch: seal(next.start, next.end) };
      ahead.batch.catch(() => {}); // seen when its turn comes
    }
    return sealed;
  }

  return { size, take };
}
