/**
 * Zip files out of streams, with folders and times (client-zip). Nothing is compressed, so that the length is known before the first byte.
 *
 * zipSize(entries) -> number                         bytes
 * zip(reader, entries, signal?) -> ReadableStream    reader: readerFrom(recipe); entries: Entry[] with names as safeEntries gives them
 * safeEntries(entries) -> Entry[] + zipName          names that stay inside the folder they are unpacked into
 */
import { cleanPaths } from "./sealed/path.js";
import { makeZip, predictLength } from "./vendor/client-zip.js";

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {Entry & {zipName: string}} ZipEntry */

/** Above this, the number of entries does not fit the old end record. */
const manyEntries = 65535;
/** Bytes; one fewer than there is room for, because a folder's name ends with "/". */
const longestName = 65_534;
const endSize = 22;
const end64Size = 76;

/**
 * @param {Entry[]} entries
 * @returns {ZipEntry[]}
 */
export function safeEntries(entries) {
  /** @param {boolean} folder */
  const paths = (folder) => entries.filter((entry) => entry.folder === folder).map((entry) => entry.path.replace(/^([A-Za-z]):/, "$1_")); // "C:" names a drive
  const { files, folders } = cleanPaths(paths(false), paths(true), longestName);
  return entries.map((entry) => ({ ...entry, zipName: /** @type {string} */ ((entry.folder ? folders : files).shift()) }));
}

/**
 * @param {ZipEntry} entry
 * @returns {any} without a size it is a folder to client-zip, which its types say in four ways
 */
const metadata = ({ zipName, folder, size, modified }) => ({
  name: folder ? `${zipName}/` : zipName,
  lastModified: zipTime(modified),
  ...(folder ? {} : { size }),
});

/**
 * Zip counts its years from 1980 to 2107.
 *
 * @param {Date | null} modified
 */
function zipTime(modified) {
  const time = modified ?? new Date();
  const year = time.getFullYear();
  return year < 1980 ? new Date(1980, 0, 1) : year > 2107 ? new Date(2107, 11, 31) : time;
}

/**
 * @param {ZipEntry[]} entries
 * @returns {number}
 */
export function zipSize(entries) {
  const size = Number(predictLength(entries.map(metadata)));
  return lacksEnd64(entries, size) ? size + end64Size : size;
}

/**
 * client-zip writes the 64-bit end record where sizes need it, not where the number of entries does.
 *
 * @param {ZipEntry[]} entries
 * @param {number} size as client-zip predicts it
 */
function lacksEnd64(entries, size) {
  if (entries.length < manyEntries) return false;
  const directory = entries.reduce((sum, { zipName, folder }) => sum + 46 + new TextEncoder().encode(zipName).length + Number(folder), 0);
  return size - endSize - directory < 0xffffffff && entries.every((entry) => entry.size < 0xffffffff);
}

/**
 * @param {import("./reader.js").Reader} reader
 * @param {ZipEntry[]} entries
 * @param {AbortSignal} [signal]
 * @returns {ReadableStream<Uint8Array>}
 */
export function zip(reader, entries, signal) {
  const stream = makeZip(inputs(reader, entries, signal), { buffersAreUTF8: true });
  return lacksEnd64(entries, Number(predictLength(entries.map(metadata)))) ? stream.pipeThrough(addEnd64(entries.length)) : stream;
}

/**
 * @param {import("./reader.js").Reader} reader
 * @param {ZipEntry[]} entries
 * @param {AbortSignal} [signal]
 */
async function* inputs(reader, entries, signal) {
  const files = reader.readEach(entries.filter((entry) => !entry.folder), signal)[Symbol.asyncIterator]();
  try {
    for (const entry of entries) {
      if (entry.folder) {
        yield metadata(entry);
        continue;
      }
      const { done, value } = await files.next();
      if (done) throw new Error("zipping: a file is missing");
      yield { ...metadata(entry), input: exactly(value.bytes, entry.size) };
    }
    await files.next(); // lets the reader check that the content ends here
  } finally {
    await files.return?.();
  }
}

/**
 * The length was told to the browser before: a file of another length must not pass.
 *
 * @param {AsyncIterable<Uint8Array>} bytes
 * @param {number} size
 */
async function* exactly(bytes, size) {
  let left = size;
  for await (const piece of bytes) {
    left -= piece.length;
    yield piece;
  }
  if (left !== 0) throw new Error("zipping: a file changed its length");
}

/**
 * Puts the 64-bit end record and its locator (APPNOTE 4.3.14, 4.3.15) before the end record, which it keeps back until the stream ends.
 *
 * @param {number} count entries
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
function addEnd64(count) {
  let last = new Uint8Array(0);
  let size = 0;
  return new TransformStream({
    transform(piece, controller) {
      if (last.length > 0) controller.enqueue(last);
      last = /** @type {Uint8Array<ArrayBuffer>} */ (piece); // client-zip writes the end record as one piece
      size += piece.length;
    },
    flush(controller) {
      if (last.length !== endSize) throw new Error("zipping: no end record");
      const end = new DataView(last.buffer, last.byteOffset);
      const directorySize = BigInt(end.getUint32(12, true));
      const directoryStart = BigInt(end.getUint32(16, true));
      const record = new DataView(new ArrayBuffer(end64Size));
      record.setUint32(0, 0x06064b50, true);
      record.setBigUint64(4, 44n, true);
      record.setUint16(12, 45, true);
      record.setUint16(14, 45, true);
      record.setBigUint64(24, BigInt(count), true);
      record.setBigUint64(32, BigInt(count), true);
      record.setBigUint64(40, directorySize, true);
      record.setBigUint64(48, directoryStart, true);
      record.setUint32(56, 0x07064b50, true);
      record.setBigUint64(64, BigInt(size - endSize), true);
      record.setUint32(72, 1, true);
      end.setUint16(8, 0xffff, true);
      end.setUint16(10, 0xffff, true);
      controller.enqueue(new Uint8Array(record.buffer));
      controller.enqueue(last);
    },
  });
}
