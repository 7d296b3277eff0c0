/**
 * What download.js says to its two workers: the service worker (worker.js), which makes the browser's download, and the download worker (download-worker.js),
 * which reads, opens and zips.
 *
 * offer(active, {name, size, tag?, job?}) -> Promise<{id, port, frame}>     the browser has begun a download that waits for bytes at port; throws worker_lost
 * pings(active, id, lost) -> () => void                                     to be called every few seconds; aborts lost where the service worker has forgotten it
 * askOrphans(active, tag), adoptPort(active, id)                            downloads that lost their page
 * inWorker(work, options) -> Promise<Blob | undefined>                      does it; the Blob where there is no port
 */
import { ApiError } from "./api.js";
import { at } from "./base.js";
import { DownloadError } from "./download-job.js";
import { unpackError } from "./worker-error.js";
import { inWorker as runWorker } from "./working.js";

const patience = 15_000;

/**
 * Offers a stream to the service worker and makes the browser ask for it. The browser may stop the worker between the two, which forgets the offer then; so it
 * is made twice before giving up.
 *
 * @param {ServiceWorker} active
 * @param {{name: string, size: number, tag?: string, job?: import("./download-job.js").Job}} what
 * @returns {Promise<{id: string, port: MessagePort, frame: HTMLIFrameElement}>}
 */
export async function offer(active, what) {
  for (let attempt = 0; attempt < 2; attempt++) {
    const id = crypto.randomUUID();
    const page = new MessageChannel();
    const bytes = new MessageChannel();
    const said = listen(page.port1);
    active.postMessage({ type: "offer", id, ...what }, [page.port2, bytes.port2]);
    if (!(await said("offered"))) continue;
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = at(`/s/get/${id}`); // without the name: should the worker not be there, the address goes to the server
    document.body.append(frame);
    if (await said("taken")) return { id, port: bytes.port1, frame };
    frame.remove();
    bytes.port1.close();
  }
  throw new DownloadError("worker_lost");
}

/**
 * @param {MessagePort} port
 * @returns {(...types: string[]) => Promise<any>} the message of one of these types, null where none comes in time
 */
function listen(port) {
  /** @type {Map<string, any>} */
  const heard = new Map();
  let wake = () => {};
  port.onmessage = ({ data }) => {
    heard.set(data.type, data);
    wake();
  };
  return (...types) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), patience);
      wake = () => {
        const type = types.find((one) => heard.has(one));
        if (!type) return;
        clearTimeout(timer);
        resolve(heard.get(type));
      };
      wake();
    });
}

/**
 * A browser may stop a service worker for reasons of its own, and start it again without its downloads. A single "no" may only mean that the end crossed the ping.
 *
 * @param {ServiceWorker} active
 * @param {string} id
 * @param {AbortController} lost
 * @returns {() => void}
 */
export function pings(active, id, lost) {
  let missed = 0;
  return () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      missed = data ? 0 : missed + 1;
      if (missed === 2) lost.abort(new DownloadError("worker_lost"));
    };
    active.postMessage({ type: "ping", id }, [port2]);
  };
}

/**
 * @param {ServiceWorker} active
 * @param {string} tag
 * @returns {Promise<import("./download.js").Orphan[]>}
 */
export function askOrphans(active, tag) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve([]), patience);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      port1.close();
      resolve(data);
    };
    active.postMessage({ type: "orphans", tag }, [port2]);
  });
}

/**
 * @param {ServiceWorker} active
 * @param {string} id
 * @returns {Promise<{port: MessagePort, job: import("./download-job.js").Job, from: import("./download-job.js").From}>}
 */
export async function adoptPort(active, id) {
  const page = new MessageChannel();
  const bytes = new MessageChannel();
  const said = listen(page.port1);
  active.postMessage({ type: "adopt", id }, [page.port2, bytes.port2]);
  const adopted = await said("adopted", "lost");
  if (adopted?.type !== "adopted") throw new DownloadError("worker_lost");
  return { port: bytes.port1, job: adopted.job, from: { at: adopted.at, mark: adopted.mark } };
}

/**
 * @param {import("./download-job.js").Work} work
 * @param {object} options
 * @param {(done: number) => void} options.onBytes how many the browser has been given, with those before
 * @param {(state: "waiting" | "running") => void} [options.onState]
 * @param {() => void} [options.onTick]
 * @param {import("./resume.js").Hold} [options.hold]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Blob | undefined>}
 */
export async function inWorker(work, { onBytes, onState, onTick, hold, signal }) {
  const done = await runWorker("download", work, {
    onMessage(data) {
      if (data.type === "progress") onBytes(data.done);
      if (data.type === "state") onState?.(data.state);
      if (data.type === "tick") onTick?.();
    },
    faultOf: (error) => (error.name === "DownloadError" ? new DownloadError(/** @type {any} */ (error.code)) : unpackError(error)),
    lost: () => new ApiError(0, "no_connection", "No answer from the server."),
    transfer: work.port ? [work.port] : [],
    hold,
    signal,
  });
  return done.blob;
}
