/**
 * Makes a sealed link out of files: they are sealed and uploaded in a worker, then the manifest is sealed and the link published.
 *
 * send(request, options) -> Promise<{id, link, renamed, expires}>
 *   request: SendRequest; options: SendOptions, below
 *   -> id: string, link: the whole link with its fragment, renamed: [{from, to}] names that could not stay,
 *      expires: Date | null, the lifetime counted from when the link was published
 *   throws SendError {code, path}: "no_files", "source_changed" and "unreadable" (path: which file), "upload_failed";
 *   SealedError (password_*, text_too_long, manifest_too_long), ApiError, or the signal's reason
 *
 * pauser() -> {paused, pause(), resume()}             for options.pause
 * itemsFromFiles(files) -> SendItem[]                 FileList or File[] (webkitRelativePath gives the folders), or [{path, file}]
 * itemsFromSource(source, entries, {signal?}) -> Promise<{items, folders}>      drive entries; folders are walked, paths relative to the entries' own folder
 * openNote(account, row) -> Promise<{link, password, title, revision}>          row: of GET /api/links; account: currentAccount(); throws AccountKeysError bad_box
 *   when the box does not open or names another link
 */
import { openNote as openNoteBox, sealNote } from "./accountkeys.js";
import { api, ApiError, mayPass } from "./api.js";
import { pause as wait } from "./resume.js";
import { accessToken, linkID, linkRoot, sha256 } from "./sealed/keys.js";
import { decodeBase64url, encodeBase64url, formatLink } from "./sealed/link.js";
import { paddingFor, sealManifest, writeManifest } from "./sealed/manifest.js";
import { cleanPaths } from "./sealed/path.js";
import { streamKey } from "./sealed/stream.js";
import { SendError } from "./send-error.js";
import { sealAndUpload } from "./send-upload.js";

export { SendError };

/** @typedef {{kind: "file", file: File} | {kind: "drive", prefix: string, entry: import("./source.js").Entry}} Origin  what a worker can read by itself */

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
 * @typedef {object} SendOptions
 * @property {(progress: {sent: number, total: number}) => void} [onProgress] bytes of the files
 * @property {(state: SendState) => void} [onState]
 * @property {Pauser} [pause]
 * @property {AbortSignal} [signal] ends it, and deletes what the server holds
 */

/** @typedef {"sending" | "waiting" | "paused" | "publishing"} SendState  waiting: the line dropped; it goes on by itself */
/** @typedef {{readonly paused: boolean, pause: () => void, resume: () => void, onchange: () => void}} Pauser */

/**
 * @param {SendRequest} request
 * @param {SendOptions} [options]
 * @returns {Promise<{id: string, link: string, renamed: {from: string, to: string}[], expires: Date | null}>}
 */
export async function send(request, { onProgress, onState, pause, signal } = {}) {
  const { items, lifetime, maxVisits, accountKey } = request;
  if (items.length === 0 && !request.folders?.length) throw new SendError("no_files");
  signal?.throwIfAborted();
  const password = request.password ?? "";
  const link = { password: request.password !== undefined, secret: crypto.getRandomValues(new Uint8Array(32)) };
  const { manifest, renamed } = manifestFor(request);
  writeManifest(manifest); // what no reader would take is said before anything is sent
  const root = await linkRoot(link, request.password);
  const id = await linkID(link.secret);
  const tokenHash = await sha256(await accessToken(root));
  const accountID = decodeBase64url(request.accountID);
  if (!accountID) throw new TypeError("sending: no account id");

  const upload = await sealAndUpload(
    {
      key: await streamKey(manifest.key, ["encrypt"]),
      files: items.map(({ path, size, from }) => ({ path, size, from })),
      padding: manifest.padding,
    },
    { onProgress, onState, pause, signal },
  );
  const note = await sealNote(accountKey, accountID, { link, password, title: noteTitle(request), revision: manifest.revision, files: items.length });
  const terms = { id: encodeBase64url(id), token_hash: encodeBase64url(tokenHash), upload, note: encodeBase64url(note), max_visits: maxVisits };
  const sealed = new Blob([await sealManifest(root, manifest)], { type: "application/octet-stream" });
  try {
    const expires = await publish(terms, sealed, lifetime, { onState, signal });
    return { id: terms.id, link: `${location.origin}/s/#${formatLink(link)}`, renamed, expires };
  } catch (error) {
    // Called off, or refused for good; the server would sweep it after days.
    if (signal?.aborted || error instanceof ApiError) api("DELETE", `/api/uploads/${upload}`).catch(() => {});
    throw error;
  }
}

/** @param {object} value */
const json = (value) => new Blob([JSON.stringify(value)], { type: "application/json" });

/**
 * @param {SendRequest} request
 * @returns {{manifest: import("./sealed/manifest.js").Manifest, renamed: {from: string, to: string}[]}}
 */
function manifestFor({ items, folders = [], title = "", note = "" }) {
  const paths = cleanPaths(items.map(({ path }) => path), folders);
  let start = 0;
  const files = items.map(({ size, type, modified }, i) => {
    const file = { path: paths.files[i], size, type, modified, start };
    start += size;
    return file;
  });
  const before = [...items.map(({ path }) => path), ...folders];
  const after = [...paths.files, ...paths.folders];
  const renamed = before.map((from, i) => ({ from, to: after[i] })).filter(({ from, to }) => from.normalize("NFC") !== to);
  const manifest = {
    revision: 1,
    title,
    note,
    key: crypto.getRandomValues(new Uint8Array(32)),
    files,
    folders: [...new Set(paths.folders)],
    padding: paddingFor(start),
  };
  return { manifest, renamed };
}

/**
 * What the owner's own list calls a link without a title: its one file or folder, or the first and how many more.
 *
 * @param {SendRequest} request
 */
function noteTitle({ title = "", items, folders = [] }) {
  if (title !== "") return title;
  const names = [...new Set([...items.map(({ path }) => path), ...folders].map((path) => path.split("/")[0]))];
  const name = names[0].toWellFormed();
  return names.length === 1 ? name : `${name} + ${names.length - 1}`;
}

/**
 * Publishes, and for as long as what is in the way may pass, tries again: hours of uploading hang on it. Where the answer is lost, it asks again too, and so does the
 * browser by itself: the id comes from a secret that nobody else has, so that "taken" means that an earlier time was enough.
 *
 * @param {{id: string}} terms what POST /api/links takes as "link", but for the date
 * @param {Blob} manifest
 * @param {number | null} lifetime
 * @param {SendOptions} options
 * @returns {Promise<Date | null>} when the link expires
 */
async function publish(terms, manifest, lifetime, { onState, signal }) {
  for (let attempt = 0; ; attempt++) {
    onState?.("publishing");
    const expires = lifetime === null ? null : new Date(Math.floor((Date.now() + lifetime) / 1000) * 1000);
    const form = new FormData();
    form.append("link", json({ ...terms, expires: expires?.toISOString().replace(".000Z", "Z") ?? null }));
    form.append("manifest", manifest);
    try {
      await api("POST", "/api/links", form, { signal });
      return expires;
    } catch (error) {
      if (error instanceof ApiError && error.code === "id_taken") return expires && ((await expiryOf(terms.id)) ?? expires);
      if (!mayPass(error)) throw error;
      onState?.("waiting");
      const asked = error instanceof ApiError ? error.retryAfter ?? 0 : 0;
      await wait(Math.max(Math.min(15, 2 ** attempt), asked) * 1000, signal);
    }
  }
}

/**
 * @param {string} id
 * @returns {Promise<Date | null>} the date an earlier attempt gave the link; null where the server does not tell
 */
async function expiryOf(id) {
  try {
    const { links } = await api("GET", "/api/links");
    const { expires } = links.find((/** @type {{id: string}} */ row) => row.id === id);
    return new Date(expires);
  } catch {
    return null;
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

/**
 * @param {{id: string, accountKey: CryptoKey}} account
 * @param {{id: string, note: string}} row
 * @returns {Promise<{link: string, password: string, title: string, revision: number}>}
 */
export async function openNote(account, row) {
  const [accountID, id, box] = [account.id, row.id, row.note].map((text) => decodeBase64url(text) ?? new Uint8Array(0));
  const { link, password, title, revision } = await openNoteBox(account.accountKey, accountID, id, box);
  return { link: `${location.origin}/s/#${formatLink(link)}`, password, title, revision };
}
