/**
 * The worker of download.js: reads, opens and zips, and hands the bytes to the service worker through a port, or keeps them as a Blob where there is none.
 *
 * In:  {type: "start", recipe, entries, zip: boolean, port: MessagePort | null}, once; {type: "abort"}
 * Out: {type: "progress", done}, {type: "tick"} every few seconds, {type: "done", blob?}, {type: "error", error}
 */
import { sendBytes } from "./bytes-port.js";
import { readerFrom } from "./reader.js";
import { chunkSize } from "./sealed/stream.js";
import { packError } from "./worker-error.js";
import { zip } from "./zip.js";

const tick = 5_000;
setInterval(() => postMessage({ type: "tick" }), tick);

const aborted = new AbortController();

onmessage = async ({ data: { type, recipe, entries, zip: asZip, port } }) => {
  if (type === "abort") {
    aborted.abort();
    return;
  }
  try {
    const blob = await run(recipe, entries, asZip, port);
    postMessage({ type: "done", blob });
  } catch (error) {
    port?.postMessage({ type: "error" });
    postMessage({ type: "error", error: packError(error) });
  }
};

/**
 * @param {import("./source.js").Recipe} recipe
 * @param {import("./zip.js").ZipEntry[]} entries
 * @param {boolean} asZip
 * @param {MessagePort | null} port
 * @returns {Promise<Blob | undefined>}
 */
async function run(recipe, entries, asZip, port) {
  const reader = readerFrom(recipe);
  const stream = asZip ? zip(reader, entries, aborted.signal) : await reader.read(entries[0], { signal: aborted.signal });
  const counted = stream.pipeThrough(counting(asZip ? Infinity : entries[0].size)).pipeThrough(gathering());
  if (port) {
    if ((await sendBytes(counted.getReader(), port, aborted.signal)) === "closed") return undefined;
    throw Object.assign(new Error("the download was stopped in the browser"), { name: "DownloadError", code: "stopped" });
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  await counted.pipeTo(new WritableStream({ write: (piece) => void pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece)) }));
  return new Blob(pieces, { type: "application/octet-stream" });
}

/**
 * Tells how far it is, a few times a second.
 *
 * @param {number} size no more bytes than these may come
 * @returns {TransformStream<Uint8Array, Uint8Array>}
 */
function counting(size) {
  let done = 0;
  let told = 0;
  return new TransformStream({
    transform(piece, controller) {
      done += piece.length;
      if (done > size) throw new Error("downloading: the file is longer than it was");
      if (Date.now() - told > 100) {
        told = Date.now();
        postMessage({ type: "progress", done });
      }
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
