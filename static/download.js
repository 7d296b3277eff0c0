/**
 * Saves files to disk: one as it is, several or folders as a zip. Reads in a worker, hands the bytes to the browser's own download through the
 * service worker, in flat memory.
 *
 * download(source, entries, {zipName?, tag?, onProgress?, onState?, hold?, signal?}) -> Promise<void>     resolves when the last byte is with the browser
 *   source      Source; entries: Entry[], at least one, of any folders; zipName: without ".zip", by default the one folder's name, else "files"
 *   tag         the link's id: the download outlives this page by a minute, for a page of the same link that goes on with it; none: it ends with the page
 *   onProgress  ({done, total}) => void, bytes
 *   onState     ("waiting" | "running") => void: the line is gone, and it is tried again; bytes come
 *   hold        holder() of resume.js: pauses it
 *   throws DownloadError {code: "needs_worker" (no service worker, and over 512 MiB) | "stopped" (the person stopped it in the browser) | "worker_lost"},
 *   SealedError (bad_tag, cut_off, ...: the browser's list shows the download as failed), ApiError ("changed": a file of the drive is another now), or the signal's reason
 * orphans(tag) -> Promise<Orphan[]>                  downloads of this link that lost their page, such as by a reload
 * adopt(source, orphan, options) -> Promise<void>    goes on with one where the browser's file ends; as download()
 */
import { at } from "./base.js";
import { adoptPort, askOrphans, inWorker, offer, pings } from "./download-worker-port.js";
import { DownloadError } from "./download-job.js";
import { serviceWorker } from "./registration.js";
import { safeEntries, zipSize } from "./zip.js";

export { DownloadError };

/** @typedef {import("./source.js").Entry} Entry */
/** @typedef {import("./zip.js").ZipEntry} ZipEntry */
/** @typedef {{id: string, name: string, size: number, at: number}} Orphan size and at, how much the browser has, in bytes */
/**
 * @typedef {object} DownloadOptions
 * @property {(progress: {done: number, total: number}) => void} [onProgress]
 * @property {(state: "waiting" | "running") => void} [onState]
 * @property {import("./resume.js").Hold} [hold]
 * @property {AbortSignal} [signal]
 */

/** What a browser without service workers, such as a private window of Firefox, holds in memory at most. */
const maxInMemory = 512 * 1024 * 1024;
const soon = 800;

/**
 * @param {import("./source.js").Source} source
 * @param {Entry[]} entries
 * @param {DownloadOptions & {zipName?: string, tag?: string}} [options]
 * @returns {Promise<void>}
 */
export async function download(source, entries, { zipName, tag, ...options } = {}) {
  const { signal } = options;
  signal?.throwIfAborted();
  const one = entries.length === 1 && !entries[0].folder;
  const all = one ? safeEntries([{ ...entries[0], path: entries[0].name }]) : await everything(source, entries, signal);
  const size = one ? entries[0].size : zipSize(all);
  const name = one ? all[0].zipName : `${safeName(zipName ?? (entries.length === 1 ? entries[0].name : "files"))}.zip`;
  if (one) all[0].path = entries[0].path;

  const active = await serviceWorker();
  if (!active && size > maxInMemory) throw new DownloadError("needs_worker");
  const job = { entries: all, zip: !one };
  const recipe = await recipeOf(source, options);
  if (active) {
    const { id, port, frame } = await offer(active, { name, size, tag, job: tag === undefined ? undefined : job });
    await throughWorker(active, id, { ...job, recipe, port }, size, options).finally(() => frame.remove());
  } else {
    save(/** @type {Blob} */ (await inWorker({ ...job, recipe, port: null }, { ...options, onBytes: (done) => options.onProgress?.({ done, total: size }) })), name);
  }
}

/**
 * @param {string} tag
 * @returns {Promise<Orphan[]>}
 */
export async function orphans(tag) {
  const registration = await navigator.serviceWorker?.getRegistration(at("/s/")).catch(() => undefined);
  return registration?.active ? askOrphans(registration.active, tag) : []; // none registered: nothing is under way
}

/**
 * @param {import("./source.js").Source} source
 * @param {Orphan} orphan
 * @param {DownloadOptions} [options]
 * @returns {Promise<void>}
 */
export async function adopt(source, { id, size }, options = {}) {
  const recipe = await recipeOf(source, options);
  const active = await serviceWorker();
  if (!active) throw new DownloadError("worker_lost");
  const { port, job, from } = await adoptPort(active, id);
  await throughWorker(active, id, { ...job, recipe, port, from }, size, options);
}

/**
 * The server may let this wait for its turn (429), which a person should see.
 *
 * @param {import("./source.js").Source} source
 * @param {DownloadOptions} options
 */
async function recipeOf(source, { onState, signal }) {
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    onState?.("waiting");
  }, soon);
  const recipe = await source.recipe().finally(() => clearTimeout(timer));
  signal?.throwIfAborted();
  if (told) onState?.("running");
  return recipe;
}

/**
 * @param {ServiceWorker} active
 * @param {string} id
 * @param {import("./download-job.js").Work} work
 * @param {number} size
 * @param {DownloadOptions} options
 */
async function throughWorker(active, id, work, size, { onProgress, signal, ...options }) {
  const lost = new AbortController();
  await inWorker(work, {
    ...options,
    onBytes: (done) => onProgress?.({ done, total: size }),
    onTick: pings(active, id, lost),
    signal: signal ? AbortSignal.any([signal, lost.signal]) : lost.signal,
  });
}

/**
 * The entries with all that lies in their folders, paths made relative to the deepest folder that holds them all. Files of a link come in the content's order, so
 * that one answer of the server holds them all; what has no time of its own gets this one, so that a zip can be made anew the same.
 *
 * @param {import("./source.js").Source} source
 * @param {Entry[]} entries
 * @param {AbortSignal} [signal]
 * @returns {Promise<(ZipEntry)[]>}
 */
export async function everything(source, entries, signal) {
  /** @type {Map<string, Entry>} by path: a file may be chosen by itself and with its folder */
  const found = new Map();
  for (const entry of entries) {
    found.set(entry.path, entry);
    if (entry.folder) for await (const below of source.walk(entry.path, { signal })) found.set(below.path, below);
  }
  const all = [...found.values()].sort((a, b) => Number(b.folder) - Number(a.folder) || (a.start ?? 0) - (b.start ?? 0));
  const base = baseOf(entries);
  const now = new Date();
  const named = safeEntries(all.map((entry) => ({ ...entry, path: entry.path.slice(base) })));
  return named.map((entry, i) => ({ ...entry, path: all[i].path, modified: entry.modified ?? now }));
}

/**
 * @param {Entry[]} entries
 * @returns {number} how much of each path leads to the folder that holds them all, with its slash
 */
function baseOf(entries) {
  const [first, ...others] = entries.map(({ path }) => path.split("/").slice(0, -1));
  let depth = first.length;
  for (const folders of others) while (depth > 0 && folders.slice(0, depth).join("/") !== first.slice(0, depth).join("/")) depth--;
  return depth === 0 ? 0 : first.slice(0, depth).join("/").length + 1;
}

/** @param {string} name */
const safeName = (name) => safeEntries([{ path: name.replaceAll("/", "_"), name, folder: false, size: 0, modified: null, type: "" }])[0].zipName;

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
