/**
 * The page's side of send-worker.js.
 *
 * sealAndUpload(job, options) -> Promise<void>      once the server holds all bytes of the upload; options as send() takes them
 */
import { SendError } from "./send-error.js";
import { startWorker } from "./trusted.js";
import { unpackError } from "./worker-error.js";

/**
 * @typedef {object} Job
 * @property {string} upload the id of an upload whose length is the sealed content's
 * @property {CryptoKey} key the content key, to encrypt; not extractable
 * @property {{path: string, size: number, from: import("./send.js").Origin}[]} files
 * @property {number} padding zero bytes after the last file
 */

/** How long a cancelled send waits for the worker to end its requests. */
const farewell = 5_000;

/**
 * @param {Job} job
 * @param {import("./send.js").SendOptions} options
 * @returns {Promise<void>}
 */
export function sealAndUpload(job, { onProgress, onState, pause, signal }) {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL("./send-worker.js", import.meta.url), "send");
    const change = () => worker.postMessage({ type: pause?.paused ? "pause" : "resume" });
    const abort = () => {
      worker.postMessage({ type: "abort" });
      setTimeout(() => end(() => reject(signal?.reason)), farewell);
    };

    /** @param {() => void} settle */
    function end(settle) {
      worker.terminate();
      signal?.removeEventListener("abort", abort);
      if (pause) pause.onchange = () => {};
      settle();
    }

    worker.onmessage = ({ data }) => {
      if (data.type === "progress") onProgress?.({ sent: data.sent, total: data.total });
      if (data.type === "state") onState?.(data.state);
      if (data.type === "done") end(() => resolve());
      if (data.type === "aborted") end(() => reject(signal?.reason));
      if (data.type === "error") end(() => reject(unpackError(data.error)));
    };
    worker.onerror = () => end(() => reject(new SendError("upload_failed")));
    signal?.addEventListener("abort", abort);
    if (pause) pause.onchange = change;
    worker.postMessage({ type: "start", ...job });
    if (pause?.paused) change();
  });
}
