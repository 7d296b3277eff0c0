/**
 * Zip files out of streams, with folders and times. Nothing is compressed, so that the length is known before the first byte, and a zip that broke off can be made
 * anew from any mark, byte for byte the same.
 *
 * zipSize(entries) -> number                                    bytes
 * zip(reader, entries, {signal?, from?, onMark?}) -> ReadableStream
 *   reader: readerFrom(recipe); entries: as safeEntries gives them
 *   onMark(mark): every few MiB, when all bytes before mark.at have come out; from: such a mark: the stream begins at from.at
 * safeEntries(entries) -> Entry[] + zipName                     names that stay inside the folder they are unpacked into
 */
import { crc32 } from "./crc32.js";
import { cleanPaths } from "./sealed/path.js";
import { descriptor, directoryEntry, endRecords, joined, layoutOf, localHeader } from "./zip-layout.js";

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {Entry & {zipName: string}} ZipEntry */
/**
 * @typedef {object} Mark a place in a zip that is being made
 * @property {number} at bytes of the zip that came before
 * @property {number} index of the entry that is being written
 * @property {number} done bytes of it that came before; at its end its descriptor has not
 * @property {number} crc of these bytes
 * @property {number[]} sums of the entries before it, 0 for a folder
 */

/** Bytes; one fewer than there is room for, because a folder's name ends with "/". */
const longestName = 65_534;
const betweenMarks = 4 * 1024 * 1024;
const directoryPiece = 64 * 1024;

/**
 * @param {Entry[]} entries
 * @returns {ZipEntry[]}
 */
export function safeEntries(entries) {
  /** @param {boolean} folder */
  const paths = (folder) => entries.filter((entry) => entry.folder === folder).map((entry) => entry.path.replace(/^([A-Za-z]):/, "$1_")); // "C:" names a drive
  const { files, folders } = cleanPaths(paths(false), paths(true), longestName);
  let file = 0;
  let folder = 0;
  return entries.map((entry) => ({ ...entry, zipName: entry.folder ? folders[folder++] : files[file++] }));
}

/**
 * @param {ZipEntry[]} entries
 * @returns {number}
 */
export const zipSize = (entries) => layoutOf(entries).size;

/**
 * @param {import("./reader.js").Reader} reader
 * @param {ZipEntry[]} entries
 * @param {{signal?: AbortSignal, from?: Mark, onMark?: (mark: Mark) => void}} [options]
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function zip(reader, entries, options = {}) {
  const pieces = write(reader, entries, options);
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * @param {import("./reader.js").Reader} reader
 * @param {ZipEntry[]} entries
 * @param {{signal?: AbortSignal, from?: Mark, onMark?: (mark: Mark) => void}} options
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>}
 */
async function* write(reader, entries, { signal, from, onMark }) {
  const layout = layoutOf(entries);
  const sums = from ? [...from.sums] : [];
  const begin = from?.index ?? 0;
  let marked = from?.at ?? 0;
  const wanted = entries.slice(begin).filter((entry) => !entry.folder);
  const files = reader.readEach(wanted, { signal, skip: from?.done ?? 0 })[Symbol.asyncIterator]();
  try {
    for (const [i, part] of layout.parts.slice(begin).entries()) {
      const index = begin + i;
      const { entry, start } = part;
      const resumed = from && i === 0 && from.at >= start ? from : null;
      if (!resumed) yield localHeader(part);
      if (entry.folder) {
        sums.push(0);
        continue;
      }
      const { done: none, value } = await files.next();
      if (none) throw new Error("zipping: a file is missing");
      let done = resumed?.done ?? 0;
      let crc = resumed?.crc ?? 0;
      for await (const piece of value.bytes) {
        done += piece.length;
        if (done > entry.size) throw new Error("zipping: a file is longer than it was");
        crc = crc32(piece, crc);
        yield /** @type {Uint8Array<ArrayBuffer>} */ (piece);
        if (start + done - marked < betweenMarks) continue;
        marked = start + done;
        onMark?.({ at: marked, index, done, crc, sums: [...sums] });
      }
      if (done !== entry.size) throw new Error("zipping: a file is shorter than it was"); // its length was told to the browser before
      sums.push(crc);
      yield descriptor(part, crc);
      if (layout.parts[index + 1] && layout.parts[index + 1].at - marked >= betweenMarks) {
        marked = layout.parts[index + 1].at;
        onMark?.({ at: marked, index: index + 1, done: 0, crc: 0, sums: [...sums] });
      }
    }
    await files.next(); // lets the reader check that the content ends here
  } finally {
    await files.return?.();
  }
  yield* directory(layout, sums);
}

/**
 * @param {import("./zip-layout.js").Layout} layout
 * @param {number[]} sums
 * @returns {Generator<Uint8Array<ArrayBuffer>, void, undefined>}
 */
function* directory(layout, sums) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  let held = [];
  let size = 0;
  for (const [i, part] of layout.parts.entries()) {
    const record = directoryEntry(part, sums[i]);
    held.push(record);
    size += record.length;
    if (size < directoryPiece) continue;
    yield joined(...held);
    held = [];
    size = 0;
  }
  yield joined(...held, endRecords(layout));
}
