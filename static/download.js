/**
 * Saves files to disk: one as it is, several or folders as a zip. Reads in a worker, hands the bytes to the browser's own download through the
 * service worker, in flat memory.
 *
 * download(source, entries, {zipName?, onProgress?, signal?}) -> Promise<void>     resolves when the last byte is with the browser
 *   source      Source; entries: Entry[], at least one, of any folders; zipName: without ".zip", by default the one folder's name, else "files"
 *   onProgress  ({done, total}) => void, bytes
 *   throws DownloadError {code: "needs_worker" (no service worker, and over 512 MiB) | "stopped" (the person stopped it in the browser) | "worker_lost"},
 *   SealedError (bad_tag, cut_off, ...: the browser's list shows the download as failed), ApiError ("changed": a file of the drive is another now), or the signal's reason
 */
import { ApiError } from "./api.js";
import { serviceWorker } from "./registration.js";
import { scriptURL } from "./trusted.js";
import { unpackError } from "./worker-error.js";
import { safeEntries, zipSize } from "./zip.js";

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {import("./zip.js").ZipEntry} ZipEntry */

export class DownloadError extends Error {
  /** @param {"needs_worker" | "stopped" | "worker_lost"} code */
  constructor(code) {
    super(sentences[code]);
    this.name = "DownloadError";
    /** @readonly */
    this.code = code;
  }
}

const sentences = {
  needs_worker: "this browser window cannot save files of this size",
  stopped: "the download was stopped",
  worker_lost: "the browser ended the download",
};

/** What a browser without service workers, such as a private window of Firefox, holds in memory at most. */
const maxInMemory = 512 * 1024 * 1024;
const patience = 15_000;

/**
 * @param {import("./source.js").Source} source
 * @param {Entry[]} entries
 * @param {{zipName?: string, onProgress?: (progress: {done: number, total: number}) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<void>}
 */
export async function download(source, entries, { zipName, onProgress, signal } = {}) {
  signal?.throwIfAborted();
  const one = entries.length === 1 && !entries[0].folder;
  const all = one ? safeEntries([{ ...entries[0], path: entries[0].name }]) : await everything(source, entries, signal);
  const size = one ? entries[0].size : zipSize(all);
  const name = one ? all[0].zipName : `${safeName(zipName ?? (entries.length === 1 ? entries[0].name : "files"))}.zip`;
  if (one) all[0].path = entries[0].path;

  const active = await serviceWorker();
  if (!active && size > maxInMemory) throw new DownloadError("needs_worker");
  const job = { recipe: await source.recipe(), entries: all, zip: !one };
  signal?.throwIfAborted();
  /** @param {number} done */
  const progress = (done) => onProgress?.({ done, total: size });
  if (active) await throughWorker(active, job, name, size, progress, signal);
  else save(/** @type {Blob} */ (await work(job, null, progress, () => {}, signal)), name);
}

/**
 * The entries with all that lies in their folders, paths made relative to the deepest folder that all entries lie in. Files of a link come in the content's order, so that
 * one answer of the server holds them all.
 *
 * @param {import("./source.js").Source} source
 * @param {Entry[]} entries
 * @param {AbortSignal} [signal]
 * @returns {Promise<(ZipEntry)[]>}
 */
async function everything(source, entries, signal) {
  /** @type {Entry[]} */
  const all = [];
  for (const entry of entries) {
    all.push(entry);
    if (entry.folder) for await (const below of source.walk(entry.path, { signal })) all.push(below);
  }
  all.sort((a, b) => Number(b.folder) - Number(a.folder) || (a.start ?? 0) - (b.start ?? 0));
  const folders = entries.map(({ path }) => path.slice(0, path.lastIndexOf("/") + 1));
  let [folder] = folders;
  while (!folders.every((other) => other.startsWith(folder))) folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  const base = folder.length;
  const named = safeEntries(all.map((entry) => ({ ...entry, path: entry.path.slice(base) })));
  return named.map((entry, i) => ({ ...entry, path: all[i].path }));
}

/** @param {string} name */
const safeName = (name) => safeEntries([{ path: name.replaceAll("/", "_"), name, folder: false, size: 0, modified: null, type: "" }])[0].zipName;

/**
 * @typedef {{recipe: import("./source.js").Recipe, entries: ZipEntry[], zip: boolean}} Job
 */

/**
 * @param {ServiceWorker} active
 * @param {Job} job
 * @param {string} name
 * @param {number} size
 * @param {(done: number) => void} progress
 * @param {AbortSignal} [signal]
 */
async function throughWorker(active, job, name, size, progress, signal) {
  const { id, port, frame } = await offer(active, name, size);
  const lost = new AbortController();
  try {
    await work(job, port, progress, pings(active, id, lost), signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    frame.remove();
  }
}

/**
 * A browser may stop a service worker for reasons of its own, and start it again without its downloads. A single "no" may only mean that the end crossed the ping.
 *
 * @param {ServiceWorker} active
 * @param {string} id
 * @param {AbortController} lost
 * @returns {() => void}
 */
function pings(active, id, lost) {
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
 * Offers a stream to the service worker and makes the browser ask for it. The browser may stop the worker between the two, which forgets the offer then; so it
 * is made twice before giving up.
 *
 * @param {ServiceWorker} active
 * @param {string} name
 * @param {number} size
 * @returns {Promise<{id: string, port: MessagePort, frame: HTMLIFrameElement}>}
 */
async function offer(active, name, size) {
  for (let attempt = 0; attempt < 2; attempt++) {
    const id = crypto.randomUUID();
    const page = new MessageChannel();
    const bytes = new MessageChannel();
    const said = listen(page.port1);
    active.postMessage({ type: "offer", id, name, size }, [page.port2, bytes.port2]);
    if (!(await said("offered"))) continue;
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = `/s/get/${id}`; // without the name: should the worker not be there, the address goes to the server
    document.body.append(frame);
    if (await said("taken")) return { id, port: bytes.port1, frame };
    frame.remove();
    bytes.port1.close();
  }
  throw new DownloadError("worker_lost");
}

/**
 * @param {MessagePort} port
 * @returns {(type: string) => Promise<boolean>} whether the message of this type came in time
 */
function listen(port) {
  /** @type {Set<string>} */
  const heard = new Set();
  let wake = () => {};
  port.onmessage = ({ data }) => {
    heard.add(data.type);
    wake();
  };
  return (type) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patience);
      wake = () => {
        if (!heard.has(type)) return;
        clearTimeout(timer);
        resolve(true);
      };
      wake();
    });
}

/**
 * @param {Job} job
 * @param {MessagePort | null} port to the service worker; null: into memory
 * @param {(done: number) => void} progress
 * @param {() => void} tick
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob | undefined>}
 */
function work(job, port, progress, tick, signal) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(scriptURL(new URL("./download-worker.js", import.meta.url)), { type: "module", name: "download" });
    const end = () => {
      worker.terminate();
      signal?.removeEventListener("abort", abort);
    };
    const abort = () => worker.postMessage({ type: "abort" });
    worker.onmessage = ({ data }) => {
      if (data.type === "progress") progress(data.done);
      if (data.type === "tick") tick();
      if (data.type === "done") {
        end();
        resolve(data.blob);
      }
      if (data.type === "error") {
        end();
        if (signal?.aborted) reject(signal.reason);
        else reject(data.error.name === "DownloadError" ? new DownloadError(data.error.code) : unpackError(data.error));
      }
    };
    worker.onerror = () => {
      end();
      reject(new ApiError(0, "no_connection", "No answer from the server."));
    };
    signal?.addEventListener("abort", abort);
    worker.postMessage({ type: "start", ...job, port }, port ? [port] : []);
  });
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
