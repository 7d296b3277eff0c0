/**
 * The sealed stream: chunks of 262,144 bytes under AES-256-GCM, each with a random nonce, its index and its being last in the additional data
 * (FORMAT 1, "Sealed stream"). Twin of shares/sealed/stream.go.
 *
 * chunkSize, sealedChunkSize        262144 and 262172, bytes
 * sealedSize(n) -> number           sealed length of n plaintext bytes
 * plaintextSize(n) -> number        the way back; throws SealedError bad_length
 * chunkCount(n) -> number           chunks of n plaintext bytes, at least 1
 * streamKey(raw, usages) -> Promise<CryptoKey>
 * sealChunk(key, plaintext, index, last) -> Promise<Uint8Array>
 * openChunk(key, sealed, index, last) -> Promise<Uint8Array>      throws SealedError bad_tag
 * sealBytes(key, plaintext), openBytes(key, sealed)               a whole stream in memory
 * sealedRange(size, start, end) -> {start, end}                   the sealed bytes that hold plaintext [start, end)
 * opener(key, size, start?, end?) -> TransformStream              sealed bytes of sealedRange in, exactly plaintext [start, end) out
 * sealer(key) -> TransformStream                                  plaintext in, sealed bytes out; for streams whose length is not known before
 */
import { SealedError } from "./errors.js";

export const chunkSize = 262144;
const nonceSize = 12;
const tagSize = 16;
const overhead = nonceSize + tagSize;
export const sealedChunkSize = chunkSize + overhead;

/** The most plaintext bytes that one stream holds. */
export const maxPlaintext = 2 ** 50;

/**
 * @param {number} chunks
 * @returns {QueuingStrategy<Uint8Array>}
 */
const holding = (chunks) => ({ highWaterMark: chunks * chunkSize, size: (piece) => piece?.byteLength ?? 0 });

/** Chunks that a stream keeps with the browser's crypto threads at once. */
const inFlight = 4;

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
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sealChunk(key, plaintext, index, last) {
  const sealed = new Uint8Array(plaintext.length + overhead);
  const iv = crypto.getRandomValues(new Uint8Array(nonceSize));
  sealed.set(iv);
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: additionalData(index, last) }, key, plaintext);
  sealed.set(new Uint8Array(body), nonceSize);
  return sealed;
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
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sealBytes(key, plaintext) {
  const count = chunkCount(plaintext.length);
  const sealed = new Uint8Array(sealedSize(plaintext.length));
  for (let i = 0; i < count; i++) {
    const chunk = plaintext.subarray(i * chunkSize, (i + 1) * chunkSize);
    sealed.set(await sealChunk(key, chunk, i, i === count - 1), i * sealedChunkSize);
  }
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
  for (let i = 0; i < count; i++) {
    const chunk = sealed.subarray(i * sealedChunkSize, (i + 1) * sealedChunkSize);
    plaintext.set(await openChunk(key, chunk, i, i === count - 1), i * chunkSize);
  }
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

/**
 * Opens the sealed bytes of sealedRange(size, start, end). Fails with cut_off where they end early, too_long where they go on, bad_tag
 * where one chunk does not open; nothing of that chunk or a later one comes out.
 *
 * @param {CryptoKey} key
 * @param {number} size plaintext bytes of the whole stream, from the manifest, never from the server
 * @param {number} [start]
 * @param {number} [end]
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
export function opener(key, size, start = 0, end = size) {
  const range = sealedRange(size, start, end);
  const count = chunkCount(size);
  const stop = Math.ceil(range.end / sealedChunkSize); // the index after the last chunk wanted
  let index = range.start / sealedChunkSize;
  let buffer = new Uint8Array(sealedChunkSize);
  let filled = 0;
  /** @type {{at: number, plaintext: Promise<Uint8Array<ArrayBuffer>>}[]} */
  const opening = [];
  /** @type {Uint8Array<ArrayBuffer> | null} the last chunk wanted: nothing of it comes out before the input ended where it ends */
  let final = null;

  /** @param {number} i */
  const lengthOf = (i) => (i < count - 1 ? sealedChunkSize : sealedSize(size) - i * sealedChunkSize);

  /**
   * @param {Uint8Array<ArrayBuffer>} sealed
   * @param {number} i
   */
  function open(sealed, i) {
    const plaintext = openChunk(key, sealed, i, i === count - 1);
    plaintext.catch(() => {}); // seen when its turn comes
    opening.push({ at: i * chunkSize, plaintext });
  }

  /** @param {TransformStreamDefaultController<Uint8Array>} controller */
  async function emit(controller) {
    const { at, plaintext } = /** @type {(typeof opening)[number]} */ (opening.shift());
    const whole = await plaintext;
    const part = whole.subarray(Math.max(0, start - at), Math.max(0, Math.min(whole.length, end - at)));
    if (part.length > 0) controller.enqueue(part);
  }

  return new TransformStream(
    {
      async transform(piece, controller) {
        let used = 0;
        while (used < piece.length) {
          if (index === stop) {
            while (opening.length > 0) await emit(controller);
            throw new SealedError("too_long");
          }
          const wanted = lengthOf(index);
          const take = Math.min(wanted - filled, piece.length - used);
          buffer.set(piece.subarray(used, used + take), filled);
          filled += take;
          used += take;
          if (filled === wanted) {
            if (index + 1 === stop) final = buffer.subarray(0, wanted);
            else open(buffer.subarray(0, wanted), index);
            index++;
            buffer = new Uint8Array(sealedChunkSize);
            filled = 0;
          }
          while (opening.length >= inFlight) await emit(controller);
        }
      },
      async flush(controller) {
        if (final) open(final, stop - 1);
        while (opening.length > 0) await emit(controller);
        if (!final) throw new SealedError("cut_off");
      },
    },
    holding(4),
    holding(8),
  );
}

/**
 * @param {CryptoKey} key
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
export function sealer(key) {
  let index = 0;
  let buffer = new Uint8Array(chunkSize);
  let filled = 0;
  /** @type {Promise<Uint8Array<ArrayBuffer>>[]} */
  const sealing = [];

  /** @param {boolean} last */
  function seal(last) {
    sealing.push(sealChunk(key, buffer.subarray(0, filled), index++, last));
    buffer = new Uint8Array(chunkSize);
    filled = 0;
  }

  return new TransformStream(
    {
      async transform(piece, controller) {
        let used = 0;
        while (used < piece.length) {
          if (filled === chunkSize) seal(false); // only now is it known not to be the last
          const take = Math.min(chunkSize - filled, piece.length - used);
          buffer.set(piece.subarray(used, used + take), filled);
          filled += take;
          used += take;
          while (sealing.length >= inFlight) controller.enqueue(await /** @type {Promise<Uint8Array<ArrayBuffer>>} */ (sealing.shift()));
        }
      },
      async flush(controller) {
        seal(true);
        for (const sealed of sealing) controller.enqueue(await sealed);
      },
    },
    holding(4),
    holding(8),
  );
}
