/**
 * Opens a sealed stream as it comes. Twin of shares/sealed/reader.go.
 *
 * openStream(sealed, key, size, start?, end?) -> ReadableStream   sealed bytes of sealedRange in, exactly plaintext [start, end) out
 */
import { SealedError } from "./errors.js";
import { chunkCount, chunkSize, inFlight, openChunk, sealedChunkSize, sealedRange, sealedSize } from "./stream.js";

/**
 * Opens the sealed bytes of sealedRange(size, start, end). Fails with cut_off where they end early, too_long where they go on, bad_tag
 * where one chunk does not open; nothing of that chunk or a later one comes out. What came before, and opened, comes out first, also where reading itself fails.
 *
 * It reads by itself, and straight into the chunks where the browser can: a pipe costs more than the cryptography does.
 *
 * @param {ReadableStream<Uint8Array>} sealed
 * @param {CryptoKey} key
 * @param {number} size plaintext bytes of the whole stream, from the manifest, never from the server
 * @param {number} [start]
 * @param {number} [end]
 * @returns {ReadableStream<Uint8Array>}
 */
export function openStream(sealed, key, size, start = 0, end = size) {
  const range = sealedRange(size, start, end);
  const count = chunkCount(size);
  const stop = Math.ceil(range.end / sealedChunkSize); // the index after the last chunk wanted
  const chunks = chunkReader(sealed);
  let index = range.start / sealedChunkSize;
  /** Nothing more is to be read: all is there, or reading failed. */
  let ended = false;
  /** @type {unknown} why it ended early */
  let failure;
  /** @type {{at: number, opened: boolean, plaintext: Promise<Uint8Array<ArrayBuffer>>}[]} */
  const opening = [];

  /** @param {number} i */
  const lengthOf = (i) => (i < count - 1 ? sealedChunkSize : sealedSize(size) - i * sealedChunkSize);

  async function readOne() {
    try {
      const chunk = await chunks.read(lengthOf(index));
      // Nothing of the last chunk wanted comes out before the input ended where it ends.
      if (index + 1 === stop) await chunks.end();
      const next = { at: index * chunkSize, opened: false, plaintext: openChunk(key, chunk, index, index === count - 1) };
      next.plaintext.then(
        () => (next.opened = true),
        () => {}, // seen when its turn comes
      );
      opening.push(next);
      index++;
      ended = index === stop;
    } catch (error) {
      ended = true;
      failure = error;
      chunks.cancel(error);
    }
  }

  return new ReadableStream(
    {
      async pull(controller) {
        for (;;) {
          while (!ended && opening.length < inFlight && !opening[0]?.opened) await readOne();
          const next = opening.shift();
          if (!next && failure !== undefined) throw failure;
          if (!next) {
            controller.close();
            return;
          }
          const whole = await next.plaintext.catch((error) => {
            chunks.cancel(error);
            throw error;
          });
          const part = whole.subarray(Math.max(0, start - next.at), Math.max(0, Math.min(whole.length, end - next.at)));
          if (part.length === 0) continue;
          controller.enqueue(part);
          return;
        }
      },
      cancel: (reason) => chunks.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/**
 * Reads a stream in chunks.
 *
 * @param {ReadableStream<Uint8Array>} stream
 */
function chunkReader(stream) {
  /** @type {ReadableStreamBYOBReader | null} */
  let filling = null;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | null} */
  let taking = null;
  try {
    filling = stream.getReader({ mode: "byob" });
  } catch {
    taking = stream.getReader(); // not a stream of bytes, or a browser without them
  }
  /** Where chunks are put together: one place for all, since the browser's cryptography takes its own copy when it is called. */
  let place = new ArrayBuffer(sealedChunkSize);
  /** What was read and not used yet. */
  let rest = new Uint8Array(0);

  /** @param {number} most at least 1 */
  async function more(most) {
    if (!taking) return null;
    while (rest.length === 0) {
      const { done, value } = await taking.read();
      if (done) return null;
      rest = /** @type {Uint8Array<ArrayBuffer>} */ (value);
    }
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  }

  return {
    /**
     * @param {number} length from 1 to sealedChunkSize
     * @returns {Promise<Uint8Array<ArrayBuffer>>} good until the next read
     */
    async read(length) {
      let filled = 0;
      while (filled < length) {
        if (filling) {
          const { done, value } = await filling.read(new Uint8Array(place, filled, length - filled), /** @type {any} */ ({ min: length - filled }));
          if (value) place = /** @type {ArrayBuffer} */ (value.buffer); // it moves with each read
          filled += value?.length ?? 0;
          if (done && filled < length) throw new SealedError("cut_off");
          continue;
        }
        const piece = await more(length - filled);
        if (!piece) throw new SealedError("cut_off");
        new Uint8Array(place, filled).set(piece);
        filled += piece.length;
      }
      return new Uint8Array(place, 0, length);
    },
    /** Throws too_long where there is a byte more. */
    async end() {
      const piece = filling ? (await filling.read(new Uint8Array(1))).value : await more(1);
      if (piece?.length) throw new SealedError("too_long");
    },
    /** @param {unknown} reason */
    cancel: (reason) => void (filling ?? taking)?.cancel(reason).catch(() => {}),
  };
}
