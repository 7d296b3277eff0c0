/**
 * A worker that does one piece of work: it is told to start, to pause, to resume and to abort, and ends with "done" or "error" (worker-error.js has its form).
 *
 * inWorker(name, work, {onMessage, faultOf, lost, transfer?, hold?, signal?}) -> Promise<data>   of its "done"; it runs the script NAME-worker.js
 */
import { startWorker } from "./trusted.js";

/**
 * @param {string} name
 * @param {object} work
 * @param {object} options
 * @param {(data: any) => void} options.onMessage all that it says before its end
 * @param {(packed: import("./worker-error.js").Packed) => unknown} options.faultOf what its "error" becomes
 * @param {() => Error} options.lost where its script does not run
 * @param {Transferable[]} [options.transfer]
 * @param {import("./resume.js").Hold} [options.hold]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<any>}
 */
export function inWorker(name, work, { onMessage, faultOf, lost, transfer = [], hold, signal }) {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL(`./${name}-worker.js`, import.meta.url), name);
    const tellHold = () => worker.postMessage({ type: hold?.paused ? "pause" : "resume" });
    const abort = () => worker.postMessage({ type: "abort" });
    const end = () => {
      worker.terminate();
      hold?.removeEventListener("change", tellHold);
      signal?.removeEventListener("abort", abort);
    };
    worker.onmessage = ({ data }) => {
      if (data.type !== "done" && data.type !== "error") return onMessage(data);
      end();
      if (data.type === "done") resolve(data);
      else reject(signal?.aborted ? signal.reason : faultOf(data.error));
    };
    worker.onerror = () => {
      end();
      reject(lost());
    };
    signal?.addEventListener("abort", abort);
    hold?.addEventListener("change", tellHold);
    worker.postMessage({ type: "start", ...work }, transfer);
    if (hold?.paused) tellHold();
  });
}
