/**
 * The sealed stream: chunks of 262,144 bytes under AES-256-GCM, each with a random nonce, its index and its being last in the additional data
 * (FORMAT 1, "Sealed stream"). Twin of shares/sealed/stream.go.
 *
 * chunkSize, sealedChunkSize        262144 and 262172, bytes
 * sealedSize(n) -> number           sealed length of n plaintext bytes
 * plaintextSize(n) -> number        the way back; throws SealedError bad_length
 * chunkCount(n) -> number           chunks of n plaintext bytes, at least 1
 * streamKey(raw, usages) -> Promise<CryptoKey>
 * openChunk(key, sealed, index, last) -> Promise<Uint8Array>      throws SealedError bad_tag
 * sealBytes(key, plaintext), openBytes(key, sealed)               a whole stream in memory
 * sealedRange(size, start, end) -> {start, end}                   the sealed bytes that hold plaintext [start, end)
 * sealInto(key, plaintext, index, last, sealed) -> Promise<void>  seals a chunk into a place that is there already
 * inFlight                          chunks that are worth being with the browser's crypto threads at once
 */
import { SealedError } from "./errors.js";

export const chunkSize = 262144;
const nonceSize = 12;
const tagSize = 16;
const overhead = nonceSize + tagSize;
export const sealedChunkSize = chunkSize + overhead;

/** The most plaintext bytes that one stream holds. */
export const maxPlaintext = 2 ** 50;

/** Chunks that are worth being with the browser's crypto threads at once. */
export const inFlight = 6;

/**
 * @param {number} size plaintext bytes
 * @returns {number}
 */
export function chunkCount(size) {
  return Math.max(1, Math.ceil(size / chunkSize));
}

/**
 * @param {number} size plaintext bytes
 * @returns {number}
 */
export function sealedSize(size) {
  return size + overhead * chunkCount(size);
}

/**
 * @param {number} size sealed bytes
 * @returns {number}
 */
export function plaintextSize(size) {
  const rest = size % sealedChunkSize;
  if (size < overhead || (rest >= 1 && rest <= overhead && size !== overhead)) throw new SealedError("bad_length");
  const plain = size - overhead * Math.ceil(size / sealedChunkSize);
  if (plain > maxPlaintext) throw new SealedError("bad_length");
  return plain;
}

/**
 * @param {Uint8Array<ArrayBuffer>} raw 32 bytes
 * @param {KeyUsage[]} usages
 * @returns {Promise<CryptoKey>}
 */
export function streamKey(raw, usages) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, usages);
}

/**
 * @param {number} index
 * @param {boolean} last
 */
function additionalData(index, last) {
  const data = new Uint8Array(9);
  new DataView(data.buffer).setBigUint64(0, BigInt(index));
  data[8] = last ? 0x01 : 0x00;
  return data;
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} plaintext at most chunkSize bytes, empty only where the whole plaintext is
 * @param {number} index
 * @param {boolean} last
 * @param {Uint8Array<ArrayBuffer>} sealed where it goes: 28 bytes longer than the plaintext
 */
export async function sealInto(key, plaintext, index, last, sealed) {
  const iv = crypto.getRandomValues(new Uint8Array(nonceSize));
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: additionalData(index, last) }, key, plaintext);
  sealed.set(iv);
  sealed.set(new Uint8Array(body), nonceSize);
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} sealed
 * @param {number} index
 * @param {boolean} last
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function openChunk(key, sealed, index, last) {
  const iv = sealed.subarray(0, nonceSize);
  const body = sealed.subarray(nonceSize);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: additionalData(index, last) }, key, body));
  } catch (cause) {
    throw new SealedError("bad_tag", { cause });
  }
}

/**
 * @param {number} count
 * @param {(i: number) => Promise<void>} act for 0 to count - 1, so many at a time as the browser has use for
 */
async function each(count, act) {
  let next = 0;
  const run = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, run));
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sealBytes(key, plaintext) {
  const count = chunkCount(plaintext.length);
  const sealed = new Uint8Array(sealedSize(plaintext.length));
  await each(count, (i) => {
    const chunk = plaintext.subarray(i * chunkSize, (i + 1) * chunkSize);
    return sealInto(key, chunk, i, i === count - 1, sealed.subarray(i * sealedChunkSize));
  });
  return sealed;
}

/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} sealed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function openBytes(key, sealed) {
  const plaintext = new Uint8Array(plaintextSize(sealed.length));
  const count = chunkCount(plaintext.length);
  await each(count, async (i) => {
    const chunk = sealed.subarray(i * sealedChunkSize, (i + 1) * sealedChunkSize);
    plaintext.set(await openChunk(key, chunk, i, i === count - 1), i * chunkSize);
  });
  return plaintext;
}

/**
 * @param {number} size plaintext bytes of the whole stream
 * @param {number} start
 * @param {number} end not included; start <= end <= size
 * @returns {{start: number, end: number}} an empty range still names one chunk, so that there is something to authenticate
 */
export function sealedRange(size, start, end) {
  const last = chunkCount(size) - 1;
  const from = Math.min(Math.floor(start / chunkSize), last);
  const to = end > start ? Math.floor((end - 1) / chunkSize) : from;
  return { start: from * sealedChunkSize, end: to === last ? sealedSize(size) : (to + 1) * sealedChunkSize };
}
