/**
 * What a view of files reads from: the account's drive (source-webdav.js) or an opened link (source-sealed.js). Both are used alike by the list, the
 * previews and the download.
 *
 * @typedef {object} Entry
 * @property {string} path relative to the source's root, parts joined by "/", without a slash at either end: "a/b.txt"
 * @property {string} name the last part
 * @property {boolean} folder
 * @property {number} size bytes; 0 for a folder
 * @property {Date | null} modified
 * @property {string} type a media type, or "": a claim, never a reason to run anything
 * @property {string} [etag] strong, with its quotes; only of files in the drive
 * @property {number} [start] only of files in a link: where its bytes begin in the content
 *
 * @typedef {object} Range
 * @property {number} [start] first byte
 * @property {number} [end] the byte after the last
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} Source
 * @property {(path: string, options?: {signal?: AbortSignal}) => Promise<Entry[]>} list what lies in a folder ("" is the root), folders first
 * @property {(path: string, options?: {signal?: AbortSignal}) => AsyncIterable<Entry>} walk all that lies below a folder, each folder before its content
 * @property {(entry: Entry, range?: Range) => Promise<ReadableStream<Uint8Array>>} read a file's bytes, checked: the stream fails rather than end early
 * @property {(path: string, options?: {signal?: AbortSignal}) => Promise<Entry>} [stat] what is there now
 * @property {(path: string, blob: Blob, options?: {etag?: string, create?: boolean}) => Promise<{etag: string}>} [write] only where files can be changed; etag: over that
 *   version alone, else ApiError "changed"; create: only where nothing is, else ApiError "exists"
 * @property {() => Promise<Recipe>} recipe what a worker needs to read the same files (readerFrom)
 *
 * @typedef {{kind: "webdav", prefix: string} | ({kind: "sealed"} & import("./content.js").Content)} Recipe
 */

/**
 * Folders first, then by name as people sort it: "2" before "10".
 *
 * @param {Entry[]} entries sorted in place
 * @returns {Entry[]}
 */
export function sortEntries(entries) {
  return entries.sort((a, b) => Number(b.folder) - Number(a.folder) || collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
}

const collator = new Intl.Collator(undefined, { numeric: true });

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} size how many bytes come
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readAll(stream, size) {
  const bytes = new Uint8Array(size);
  let filled = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value, filled); // throws where more comes
    filled += value.length;
  }
  if (filled !== size) throw new Error(`reading: ${filled} bytes instead of ${size}`);
  return bytes;
}
