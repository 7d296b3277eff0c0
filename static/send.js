/**
 * Makes a sealed link out of files: they are sealed and uploaded in a worker, then the manifest is sealed and the link published. Before the first byte goes, the
 * server keeps what is needed to go on after this page is gone (send-state.js).
 *
 * send(request, options) -> Promise<Made>
 *   request: SendRequest; options: SendOptions, below
 *   -> id: string, link: the whole link with its fragment, renamed: [{from, to}] names that could not stay,
 *      expires: Date | null, the lifetime counted from when the link was published
 *   throws SendError {code, path}: "no_files", "source_changed" and "unreadable" (path: which file), "upload_failed", "busy";
 *   SealedError (password_*, text_too_long, manifest_too_long), ApiError, or the signal's reason.
 *   What was sent stays on the server then, for goOn, unless the signal ended it.
 * goOn(pending, items, owner, options) -> Promise<Made>       the rest of a send; items: all files of the plan, unchanged and in its order
 * giveUp(upload) -> Promise<void>                             deletes what the server holds
 *
 * pauser() -> {paused, pause(), resume()}             for options.pause
 * itemsFromFiles(files) -> SendItem[]                 FileList or File[] (webkitRelativePath gives the folders), or [{path, file}]
 * itemsFromSource(source, entries, {signal?}) -> Promise<{items, folders}>      drive entries; folders are walked, paths relative to the entries' own folder
 */
import { patiently } from "./patience.js";
import { pause as wait } from "./resume.js";
import { streamKey } from "./sealed/stream.js";
import { SendError } from "./send-error.js";
import { forgetHandles } from "./send-handles.js";
import { holdUpload } from "./send-pending.js";
import { publish } from "./send-publish.js";
import { isUnchanged, manifestOf, newPlan, sealedLength } from "./send-request.js";
import { keepState } from "./send-state.js";
import { createUpload, deleteUpload, uploadStanding } from "./send-uploads.js";
import { sealAndUpload } from "./send-upload.js";

export { SendError };

/** @typedef {{kind: "file", file: File} | {kind: "drive", prefix: string, entry: import("./source.js").Entry}} Origin  what a worker can read by itself */
/** @typedef {import("./send-publish.js").Made} Made */
/** @typedef {{accountKey: CryptoKey, accountID: string}} Owner  accountID: base64url */

/**
 * @typedef {object} SendItem
 * @property {string} path relative, parts joined by "/"; cleaned when it is sent
 * @property {number} size bytes
 * @property {Date | null} modified
 * @property {string} type a media type, or ""
 * @property {Origin} from
 */

/**
 * @typedef {object} SendRequest
 * @property {SendItem[]} items
 * @property {string[]} [folders] folders without files
 * @property {string} [title] at most 200 code points
 * @property {string} [note] at most 4,000 code points
 * @property {string} [password] left out: none
 * @property {number | null} lifetime milliseconds from when the link is published, however long the upload takes; null: for ever
 * @property {number | null} maxVisits
 * @property {CryptoKey} accountKey
 * @property {string} accountID base64url
 */

/**
 * @typedef {object} Pending  a send that has an upload on the server, and is not published
 * @property {string} upload its id
 * @property {import("./send-request.js").Plan} plan
 * @property {boolean} kept whether a later visit finds it too; false where it has too many files for that
 */

/**
 * @typedef {object} SendOptions
 * @property {(progress: {sent: number, total: number}) => void} [onProgress] bytes of the files
 * @property {(state: SendState) => void} [onState]
 * @property {(pending: Pending) => void} [onPending] from here on it can be gone on with
 * @property {Pauser} [pause]
 * @property {AbortSignal} [signal] ends it, and deletes what the server holds
 */

/** @typedef {"sending" | "waiting" | "paused" | "publishing"} SendState  waiting: the line dropped; it goes on by itself */
/** @typedef {{readonly paused: boolean, pause: () => void, resume: () => void, onchange: () => void}} Pauser */

/** Milliseconds that a cancelled send waits for the server to delete what it has; the server would sweep it after days. */
const farewell = 5_000;

/**
 * @param {SendRequest} request
 * @param {SendOptions} [options]
 * @returns {Promise<Made>}
 */
export async function send(request, options = {}) {
  const { signal, onState, onPending } = options;
  const plan = newPlan(request);
  signal?.throwIfAborted();
  onState?.("sending");
  const waiting = () => onState?.("waiting");
  const upload = await patiently(() => createUpload(sealedLength(plan), { signal }), { signal, waiting });
  return deletedIfStopped(upload, signal, async () => {
    const kept = await patiently(() => keepState(request, upload, plan, signal), { signal, waiting }).catch(async (error) => {
      await deleteUpload(upload).catch(() => {}); // nothing is in it, and no visit would find it
      throw error;
    });
    onPending?.({ upload, plan, kept });
    return holdUpload(upload, () => finish({ upload, plan, kept }, request.items, request, options));
  });
}

/**
 * @param {Pending} pending
 * @param {SendItem[]} items none are needed where the server holds all bytes
 * @param {Owner} owner
 * @param {SendOptions} [options]
 * @returns {Promise<Made>}
 */
export async function goOn(pending, items, owner, options = {}) {
  const { upload, plan } = pending;
  options.onPending?.(pending);
  return deletedIfStopped(upload, options.signal, () =>
    holdUpload(upload, async () => {
      const { offset, length } = await uploadStanding(upload);
      if (length !== sealedLength(plan)) throw new SendError("source_changed"); // planned by a program that pads in another way
      if (offset === length) return published(pending, owner, options);
      const other = plan.files.find((file, i) => !items[i] || !isUnchanged(file, items[i]));
      if (other || items.length !== plan.files.length) throw new SendError("source_changed", other?.path);
      return finish(pending, items, owner, options);
    }),
  );
}

/** @param {string} upload */
export async function giveUp(upload) {
  await deleteUpload(upload);
  await forgetHandles(upload);
}

/**
 * Seals what the server does not have yet, and publishes.
 *
 * @param {Pending} pending
 * @param {SendItem[]} items the plan's files: its key may seal these in this state only. The worker looks at all of them once more before it goes on.
 * @param {Owner} owner
 * @param {SendOptions} options
 */
async function finish(pending, items, owner, options) {
  const { upload, plan } = pending;
  const job = {
    upload,
    key: await streamKey(plan.key, ["encrypt"]),
    files: items.map(({ path, size, from }) => ({ path, size, from })),
    padding: manifestOf(plan).padding,
  };
  await sealAndUpload(job, options);
  return published(pending, owner, options);
}

/**
 * @param {Pending} pending
 * @param {Owner} owner
 * @param {SendOptions} options
 */
async function published({ upload, plan }, owner, options) {
  const made = await publish(plan, upload, owner, options);
  await forgetHandles(upload);
  return made;
}

/**
 * @template T
 * @param {string} upload
 * @param {AbortSignal | undefined} signal
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function deletedIfStopped(upload, signal, work) {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) await Promise.race([giveUp(upload).catch(() => {}), wait(farewell)]);
    throw error;
  }
}

/** @returns {Pauser} */
export function pauser() {
  let paused = false;
  const self = {
    get paused() {
      return paused;
    },
    pause() {
      paused = true;
      self.onchange();
    },
    resume() {
      paused = false;
      self.onchange();
    },
    onchange() {},
  };
  return self;
}

/**
 * @param {Iterable<File | {path: string, file: File}>} files
 * @returns {SendItem[]}
 */
export function itemsFromFiles(files) {
  return Array.from(files, (picked) => {
    const file = picked instanceof File ? picked : picked.file;
    const path = picked instanceof File ? file.webkitRelativePath || file.name : picked.path;
    return { path, size: file.size, modified: new Date(file.lastModified), type: file.type, from: { kind: /** @type {const} */ ("file"), file } };
  });
}

/**
 * @param {import("./source.js").Source} source the drive
 * @param {import("./source.js").Entry[]} entries in one folder
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{items: SendItem[], folders: string[]}>}
 */
export async function itemsFromSource(source, entries, { signal } = {}) {
  const recipe = await source.recipe();
  if (recipe.kind !== "webdav") throw new TypeError("sending: only files of the drive");
  const { prefix } = recipe;
  const base = entries.length === 0 ? 0 : entries[0].path.lastIndexOf("/") + 1;
  /** @type {SendItem[]} */
  const items = [];
  /** @type {Set<string>} */
  const folders = new Set();

  /** @param {import("./source.js").Entry} entry */
  function add(entry) {
    const path = entry.path.slice(base);
    for (const above of [...folders]) if (path.startsWith(`${above}/`)) folders.delete(above); // not empty
    if (entry.folder) folders.add(path);
    else items.push({ path, size: entry.size, modified: entry.modified, type: entry.type, from: { kind: "drive", prefix, entry } });
  }

  for (const entry of entries) {
    add(entry);
    if (entry.folder) for await (const below of source.walk(entry.path, { signal })) add(below);
  }
  return { items, folders: [...folders] };
}
