/**
 * Reads the files of a source in a worker, which gets a recipe in place of the source itself.
 *
 * readerFrom(recipe, line?) -> Reader                                   line: hold and onState of resuming() (resume.js), for all that is read
 *   read(entry, {start?, end?, signal?}) -> Promise<ReadableStream>      one file, or a range of it
 *   readEach(entries, {signal?, skip?}) -> AsyncIterable<{entry, bytes}> files one after another; bytes: AsyncIterable<Uint8Array>, to be read to its end before the
 *                                                                        next is asked for. Files that lie together in a link's content come in one answer.
 *                                                                        skip: so many bytes of the first are left out
 */
import { contentReader } from "./content.js";
import { webdavReader } from "./reader-webdav.js";

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {{entry: Entry, bytes: AsyncIterable<Uint8Array>}} FileBytes */
/**
 * @typedef {object} Reader
 * @property {(entry: Entry, range?: import("./source.js").Range) => Promise<ReadableStream<Uint8Array>>} read
 * @property {(entries: Entry[], options?: {signal?: AbortSignal, skip?: number}) => AsyncIterable<FileBytes>} readEach
 */

/**
 * @param {import("./source.js").Recipe} recipe
 * @param {import("./resume.js").Line} [line]
 * @returns {Reader}
 */
export function readerFrom(recipe, line) {
  if (recipe.kind !== "webdav") return sealedReader(recipe, line);
  const { read } = webdavReader(recipe.prefix, line);
  return {
    read,
    readEach: (entries, { signal, skip = 0 } = {}) => readAhead(entries, (entry) => read(entry, { signal, start: entry === entries[0] ? skip : 0 })),
  };
}

/**
 * @param {import("./content.js").Content} content
 * @param {import("./resume.js").Line} [line]
 * @returns {Reader}
 */
export function sealedReader(content, line) {
  const { read } = contentReader(content, line);
  return {
    async read(entry, { start = 0, end = entry.size, signal } = {}) {
      const offset = entry.start ?? 0;
      return start === end ? new Blob([]).stream() : read(offset + start, offset + end, signal);
    },
    async *readEach([first, ...others], { signal, skip = 0 } = {}) {
      if (!first) return;
      const rest = { ...first, start: (first.start ?? 0) + skip, size: first.size - skip };
      for (const run of runs([rest, ...others])) yield* cut(run, read(run.start, run.end, signal));
    },
  };
}

/** @typedef {{start: number, end: number, entries: Entry[]}} Run */

/**
 * @param {Entry[]} entries
 * @returns {Run[]} entries that lie next to each other in the content, in their order
 */
function runs(entries) {
  /** @type {Run[]} */
  const found = [];
  for (const entry of entries) {
    const start = entry.start ?? 0;
    const run = found.at(-1);
    if (run && (entry.size === 0 || start === run.end)) {
      run.entries.push(entry);
      run.end += entry.size;
    } else {
      found.push({ start, end: start + entry.size, entries: [entry] });
    }
  }
  return found;
}

/**
 * @param {Run} run
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<FileBytes>}
 */
async function* cut({ entries, start, end }, stream) {
  if (start === end) {
    for (const entry of entries) yield { entry, bytes: nothing() };
    return;
  }
  const reader = stream.getReader();
  let rest = new Uint8Array(0);

  /** @param {number} size */
  async function* take(size) {
    for (let left = size; left > 0; ) {
      if (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) throw new Error("reading: the content ended early"); // the stream itself fails before
        rest = /** @type {Uint8Array<ArrayBuffer>} */ (value);
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  try {
    for (const entry of entries) yield { entry, bytes: take(entry.size) };
    if (!(await reader.read()).done) throw new Error("reading: the content goes on"); // and all that there is to authenticate was
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function* nothing() {}

/**
 * Asks for the next few files while one is read, so that many small ones do not each wait for the line.
 *
 * @param {Entry[]} entries
 * @param {(entry: Entry) => Promise<ReadableStream<Uint8Array>>} read
 * @returns {AsyncGenerator<FileBytes>}
 */
async function* readAhead(entries, read) {
  const ahead = 4;
  /** @type {{entry: Entry, stream: Promise<ReadableStream<Uint8Array>>}[]} */
  const asked = [];
  let next = 0;
  try {
    for (;;) {
      while (asked.length < ahead && next < entries.length) {
        const entry = entries[next++];
        const stream = read(entry).then(begin);
        stream.catch(() => {}); // seen when its turn comes
        asked.push({ entry, stream });
      }
      const now = asked.shift();
      if (!now) return;
      yield { entry: now.entry, bytes: pieces(await now.stream) };
    }
  } finally {
    for (const { stream } of asked) stream.then((unread) => unread.cancel()).catch(() => {});
  }
}

/**
 * A stream that asks for its first piece now, and no more than that.
 *
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {ReadableStream<Uint8Array>}
 */
function begin(stream) {
  return stream.pipeThrough(new TransformStream(undefined, undefined, { highWaterMark: 1 }));
}

/** @param {ReadableStream<Uint8Array>} stream */
async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
