/**
 * The worker of download.js: reads, opens and zips, and hands the bytes to the service worker through a port, writes them into a file, or keeps them as a Blob.
 *
 * In:  {type: "start", recipe, entries, zip: boolean, port: MessagePort | null, file?: FileSystemFileHandle | null, from?: {at, mark}}, once; from: the other side has the bytes before `at` already
 *      {type: "abort"}, {type: "pause"}, {type: "resume"}
 * Out: {type: "progress", done}, {type: "state", state: "waiting" | "running"}, {type: "tick"} every few seconds, {type: "done", blob?}, {type: "error", error}
 */
import { sendBytes } from "./bytes-port.js";
import { telling } from "./download-job.js";
import { readerFrom } from "./reader.js";
import { holder } from "./resume.js";
import { chunkSize } from "./sealed/stream.js";
import { packError } from "./worker-error.js";
import { zip } from "./zip.js";

const tick = 5_000;
setInterval(() => postMessage({ type: "tick" }), tick);

const aborted = new AbortController();
const hold = holder();

onmessage = async ({ data: { type, port, ...work } }) => {
  if (type === "abort") aborted.abort();
  if (type === "pause") hold.pause();
  if (type === "resume") hold.resume();
  if (type !== "start") return;
  try {
    const blob = await run(work, port);
    postMessage({ type: "done", blob });
  } catch (error) {
    port?.postMessage({ type: "error" });
    postMessage({ type: "error", error: packError(error) });
  }
};

/**
 * @param {Omit<import("./download-job.js").Work, "port">} work
 * @param {MessagePort | null} port
 * @returns {Promise<Blob | undefined>}
 */
async function run({ recipe, entries, zip: asZip, file, from = { at: 0 } }, port) {
  const reader = readerFrom(recipe, { hold, onState: (state) => postMessage({ type: "state", state }) });
  const { signal } = aborted;
  /** @type {import("./zip.js").Mark[]} made, but not all bytes before them are sent */
  const marks = [];
  const mark = from.mark ?? undefined;
  const stream = asZip
    ? zip(reader, entries, { signal, from: mark, onMark: (made) => marks.push(made) }).pipeThrough(dropping(from.at - (mark?.at ?? 0)))
    : await reader.read(entries[0], { start: from.at, signal });
  const counted = stream.pipeThrough(counting(from.at, asZip ? Infinity : entries[0].size)).pipeThrough(gathering());
  if (!port && file) {
    await counted.pipeTo(await file.createWritable()); // which leaves nothing where it breaks off
    return undefined;
  }
  if (!port) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const pieces = [];
    await counted.pipeTo(new WritableStream({ write: (piece) => void pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece)) }));
    return new Blob(pieces, { type: "application/octet-stream" });
  }
  let { at } = from;
  const end = await sendBytes(counted.getReader(), port, signal, (length) => {
    at += length;
    while (marks.length > 0 && marks[0].at <= at) port.postMessage({ type: "mark", mark: marks.shift() });
  });
  if (end === "closed") return undefined;
  throw Object.assign(new Error("the download was stopped in the browser"), { name: "DownloadError", code: "stopped" });
}

/**
 * @param {number} count of bytes at the beginning, which the other side has already
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
function dropping(count) {
  let left = count;
  return new TransformStream({
    transform(piece, controller) {
      const rest = piece.subarray(Math.min(left, piece.length));
      left -= piece.length - rest.length;
      if (rest.length > 0) controller.enqueue(rest);
    },
  });
}

/**
 * Tells how far it is, a few times a second.
 *
 * @param {number} begin bytes that came before
 * @param {number} size no more bytes than these may come
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
function counting(begin, size) {
  let done = begin;
  const tell = telling((value) => postMessage({ type: "progress", done: value }));
  return new TransformStream({
    transform(piece, controller) {
      done += piece.length;
      if (done > size) throw new Error("downloading: the file is longer than it was");
      tell(done);
      controller.enqueue(piece);
    },
    flush() {
      postMessage({ type: "progress", done });
    },
  });
}

/**
 * Small pieces together, so that not each header of a zip is a message; large ones pass as they are.
 *
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
function gathering() {
  /** @type {Uint8Array[]} */
  let held = [];
  let size = 0;
  /** @param {TransformStreamDefaultController<Uint8Array>} controller */
  function release(controller) {
    if (held.length === 0) return;
    const all = new Uint8Array(size);
    let at = 0;
    for (const piece of held) {
      all.set(piece, at);
      at += piece.length;
    }
    held = [];
    size = 0;
    controller.enqueue(all);
  }
  return new TransformStream({
    transform(piece, controller) {
      if (piece.length >= chunkSize / 4) {
        release(controller);
        controller.enqueue(piece);
        return;
      }
      held.push(piece);
      size += piece.length;
      if (size >= chunkSize) release(controller);
    },
    flush: release,
  });
}
