/**
 * Makes an account, sends files, opens links and saves them, as the pages do; with small reports for the test to look at.
 */
import { createAccount } from "../account.js";
import { currentAccount } from "../account-store.js";
import { adopt, download, orphans } from "../download.js";
import { fragmentFrom, openLink } from "../open.js";
import { holder } from "../resume.js";
import { goOn, itemsFromFiles, itemsFromSource, pauser, send } from "../send.js";
import { noteReader, readLinks } from "../links.js";
import { pendingSends } from "../send-pending.js";
import { fetchState, readState, writeState } from "../send-state.js";
import { contentOf, sealedBatches } from "../send-content.js";
import { openChunk, sealedChunkSize, streamKey } from "../sealed/stream.js";
import { webdavSource } from "../source-webdav.js";
import { api, SIGNED_OUT } from "../api.js";

/**
 * @param {string} token
 */
export async function signUp(token) {
  await createAccount({ token, name: "ann", password: "correct horse battery staple" });
}

/**
 * Bytes that tell where they are: byte i of a file is (31 * i + floor(i / 256) + seed) mod 256.
 *
 * @param {number} size
 * @param {number} seed
 */
function pattern(size, seed) {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = 31 * i + (i >>> 8) + seed;
  return bytes;
}

/** @typedef {{path: string, size: number}} Wanted */

/** @param {Wanted[]} wanted */
const filesFor = (wanted) =>
  wanted.map(({ path, size }, i) => ({
    path,
    file: new File([pattern(size, i)], /** @type {string} */ (path.split("/").pop()), { lastModified: Date.UTC(2026, 7, 1, 10, 0, 0), type: "text/plain" }),
  }));

/**
 * @param {Wanted[]} wanted
 * @param {Partial<import("../send.js").SendRequest>} [choices]
 */
export async function sendFiles(wanted, choices = {}) {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  /** @type {string[]} */
  const states = [];
  let last = { sent: -1, total: -1 };
  const made = await send(
    { items: itemsFromFiles(filesFor(wanted)), lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id, ...choices },
    { onState: (state) => states.push(state), onProgress: (progress) => (last = progress) },
  );
  return { ...made, states, ...last };
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function digest(bytes) {
  return Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (x) => x.toString(16).padStart(2, "0")).join("");
}

/** @param {ReadableStream<Uint8Array>} stream */
async function collect(stream) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = []; // a Response would read it too, but make each failure a TypeError
  await stream.pipeTo(new WritableStream({ write: (piece) => void pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece)) }));
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * Opens a link and reads every file of it, whole and by a range.
 *
 * @param {string} link
 * @param {string} [password]
 */
export async function readLink(link, password) {
  try {
    const opened = await openLink(fragmentFrom(link), { password });
    const entries = [];
    for await (const entry of opened.source.walk("")) {
      if (entry.folder) {
        entries.push({ path: `${entry.path}/` });
        continue;
      }
      const whole = await collect(await opened.source.read(entry));
      const middle = { start: Math.floor(entry.size / 3), end: Math.ceil((entry.size * 2) / 3) };
      const part = await collect(await opened.source.read(entry, middle));
      const same = part.length === middle.end - middle.start && part.every((byte, i) => byte === whole[middle.start + i]);
      entries.push({ path: entry.path, size: whole.length, sha256: await digest(whole), range: same, modified: entry.modified, type: entry.type });
    }
    return { title: opened.manifest.title, note: opened.manifest.note, entries };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

/** @param {any} error */
const codeOf = (error) => (typeof error?.code === "string" && error.code) || error?.name || String(error);

/** @param {Wanted[]} wanted */
export async function digests(wanted) {
  return Promise.all(filesFor(wanted).map(async ({ file }) => digest(new Uint8Array(await file.arrayBuffer()))));
}

/** The owner's list, with the notes opened. */
export async function myLinks() {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const links = await readLinks();
  const read = noteReader(account);
  return Promise.all(links.map(async (/** @type {any} */ row) => ({ ...(await read(row)), id: row.id, visits: row.visits, expires: row.expires })));
}

/**
 * Saves what lies at the top of a link, or of the drive.
 *
 * @param {string} link "" for the drive
 * @param {string[]} paths of what is saved; none: all at the top
 * @param {object} [options] of download
 */
export async function save(link, paths, options = {}) {
  try {
    const source = link === "" ? webdavSource() : (await openLink(fragmentFrom(link))).source;
    const top = await source.list("");
    let done = { done: -1, total: -1 };
    const entries = paths.length === 0 ? top : await Promise.all(paths.map((path) => find(source, path)));
    await download(source, entries, { onProgress: (progress) => (done = progress), ...options });
    return { ok: true, ...done };
  } catch (error) {
    return { error: codeOf(error), message: String(error) };
  }
}

/**
 * @param {import("../source.js").Source} source
 * @param {string} path
 */
async function find(source, path) {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const entry = (await source.list(folder)).find((candidate) => candidate.path === path);
  if (!entry) throw new Error(`no ${path}`);
  return entry;
}

/**
 * Sends a file, and does something to the sending as soon as the server has its first batch.
 *
 * @param {number} size
 * @param {"abort" | "pause"} what
 */
export async function disturbed(size, what) {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const stop = new AbortController();
  const hold = pauser();
  /** @type {string[]} */
  const states = [];
  let acted = false;
  try {
    const made = await send(
      { items: itemsFromFiles(filesFor([{ path: "large.bin", size }])), lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id },
      {
        pause: hold,
        signal: stop.signal,
        onState(state) {
          states.push(state);
          if (state === "paused") hold.resume();
        },
        onProgress({ sent }) {
          if (acted || sent === 0) return;
          acted = true;
          if (what === "abort") stop.abort();
          else hold.pause();
        },
      },
    );
    return { ...made, states };
  } catch (error) {
    return { error: codeOf(error), states };
  }
}

/**
 * Puts files into the drive.
 *
 * @param {Wanted[]} wanted
 */
export async function fillDrive(wanted) {
  const drive = webdavSource();
  const made = new Set();
  for (const { path, file } of filesFor(wanted)) {
    const parts = path.split("/").slice(0, -1);
    for (let i = 1; i <= parts.length; i++) {
      const folder = parts.slice(0, i).join("/");
      if (!made.has(folder)) await drive.makeFolder(folder);
      made.add(folder);
    }
    await drive.write(path, file, { create: true });
  }
}

/**
 * Sends what lies at the top of the drive.
 */
export async function sendDrive() {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const drive = webdavSource();
  const { items, folders } = await itemsFromSource(drive, await drive.list(""));
  let signedOut = false;
  addEventListener(SIGNED_OUT, () => (signedOut = true), { once: true });
  try {
    return await send({ items, folders, lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id });
  } catch (error) {
    return { error: codeOf(error), path: /** @type {any} */ (error).path, signedOut };
  }
}

/**
 * Uses the drive as its pages do; gives what it answers, failures by their code.
 */
export async function useDrive() {
  const drive = webdavSource();
  /** @type {[string, unknown][]} */
  const log = [];
  /**
   * @param {string} name
   * @param {() => Promise<unknown>} act
   */
  const step = async (name, act) => {
    log.push([name, await act().then((value) => value ?? "done", codeOf)]);
  };
  const file = new Blob(["hello"]);
  await step("make", () => drive.makeFolder("a b ü#?%"));
  await step("make again", () => drive.makeFolder("a b ü#?%"));
  await step("make without parent", () => drive.makeFolder("x/y"));
  await step("write", () => drive.write("a b ü#?%/f.txt", file, { create: true }).then(() => "done"));
  await step("write again", () => drive.write("a b ü#?%/f.txt", file, { create: true }));
  await step("write over another version", () => drive.write("a b ü#?%/f.txt", file, { etag: '"other"' }));
  await step("list", async () => (await drive.list("a b ü#?%")).map(({ path, name, folder, size, etag }) => ({ path, name, folder, size, etag: Boolean(etag) })));
  await step("move", () => drive.move("a b ü#?%/f.txt", "g.txt"));
  await step("copy onto", () => drive.write("h.txt", file).then(() => drive.copy("g.txt", "h.txt")));
  await step("copy over", () => drive.copy("g.txt", "h.txt", { overwrite: true }));
  await step("stat", async () => (await drive.stat("h.txt")).size);
  await step("read", async () => new TextDecoder().decode(await collect(await drive.read(await drive.stat("h.txt"), { start: 1, end: 4 }))));
  await step("read what changed", async () => {
    const entry = await drive.stat("h.txt");
    await drive.write("h.txt", new Blob(["HELLO"]));
    return collect(await drive.read(entry));
  });
  await step("remove", () => drive.remove("a b ü#?%"));
  await step("remove again", () => drive.remove("a b ü#?%"));
  await step("walk", async () => {
    const found = [];
    for await (const { path } of drive.walk("")) found.push(path);
    return found;
  });
  return log;
}

/** As in a private window of Firefox. */
export function withoutServiceWorker() {
  Object.defineProperty(navigator, "serviceWorker", { value: undefined });
  /** @type {any} */ (globalThis).showSaveFilePicker = undefined; // nobody answers its dialog
}

/** A file that is too large for memory; nothing of it is read. */
export async function tooLargeForMemory() {
  const entry = { path: "a", name: "a", folder: false, size: 513 * 1024 * 1024, modified: null, type: "" };
  return download(webdavSource(), [entry]).then(() => "saved", codeOf);
}

/** @type {{ended: Promise<object>, stop: AbortController, hold: import("../resume.js").Hold, done: number, states: string[]} | null} */
let saving = null;

/** What download() tells of itself is kept in `saving`. */
function beginning() {
  const hold = holder();
  const stop = new AbortController();
  const self = { ended: Promise.resolve({}), stop, hold, done: 0, /** @type {string[]} */ states: [] };
  saving = self;
  const onProgress = (/** @type {{done: number}} */ { done }) => (self.done = done);
  return { self, options: { signal: stop.signal, hold, onProgress, onState: (/** @type {string} */ state) => void self.states.push(state) } };
}

/**
 * Begins to save a link, and does not wait for its end.
 *
 * @param {string} link
 * @param {object} [more] options of download
 */
export async function beginSaving(link, more) {
  const { self, options } = beginning();
  self.ended = save(link, [], { ...options, ...more });
}

/**
 * Goes on with a download that lost its page.
 *
 * @param {string} link
 */
export async function goOnSaving(link) {
  const { id, source } = await openLink(fragmentFrom(link));
  const found = await orphans(id);
  if (found.length === 1) {
    const { self, options } = beginning();
    self.ended = adopt(source, found[0], options).then(() => ({ ok: true, done: self.done, total: found[0].size }), (error) => ({ error: codeOf(error), message: String(error) }));
  }
  return found;
}

/** @param {string} id of a link */
export const orphansOf = (id) => orphans(id);

export function pauseSaving() {
  saving?.hold.pause();
}

export function resumeSaving() {
  saving?.hold.resume();
}

/**
 * Waits until a number of bytes is with the browser.
 *
 * @param {number} bytes
 */
export async function savedSoFar(bytes) {
  while (saving && saving.done < bytes) await new Promise((resolve) => setTimeout(resolve, 20));
  return saving?.done;
}

export const savingStates = () => saving?.states;

export const endSaving = () => saving?.ended;

export function stopSaving() {
  saving?.stop.abort();
  return saving?.ended;
}

/** @param {string[]} paths */
export async function askServiceWorker(...paths) {
  await navigator.serviceWorker.ready;
  return Promise.all(paths.map(async (path) => (await fetch(path)).status));
}

export function showField() {
  const field = document.createElement("input");
  field.type = "file";
  document.body.append(field);
}

/** Sends what was chosen in the field. */
export async function sendChosen() {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const field = /** @type {HTMLInputElement} */ (document.querySelector("input[type=file]"));
  try {
    return await send({ items: itemsFromFiles(field.files ?? []), lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id });
  } catch (error) {
    return { error: codeOf(error), path: /** @type {any} */ (error).path };
  }
}

/**
 * Offers the service worker a file of three bytes, as a page in its scope does, and asks for it.
 *
 * @param {string} name
 */
async function offerThree(name) {
  const { active } = await navigator.serviceWorker.ready;
  const page = new MessageChannel();
  const bytes = new MessageChannel();
  const id = crypto.randomUUID();
  const offered = new Promise((resolve) => (page.port1.onmessage = resolve));
  active?.postMessage({ type: "offer", id, name, size: 3 }, [page.port2, bytes.port2]);
  await offered;
  const answer = await fetch(`/s/get/${id}/x`);
  return { id, answer, port: bytes.port1 };
}

/**
 * What the service worker answers an offer with.
 *
 * @param {string} name
 */
export async function offeredHeaders(name) {
  const { id, answer, port } = await offerThree(name);
  port.postMessage(new Uint8Array([1, 2, 3]).buffer);
  port.postMessage({ type: "end" });
  const body = new Uint8Array(await answer.arrayBuffer());
  return { headers: Object.fromEntries(answer.headers), body: [...body], again: (await fetch(`/s/get/${id}/x`)).status };
}

/**
 * Whether what was offered as three bytes comes whole when it is so many.
 *
 * @param {number} count
 */
export async function offeredBytes(count) {
  const { answer, port } = await offerThree("x");
  port.postMessage(new Uint8Array(count).buffer);
  port.postMessage({ type: "end" });
  return answer.arrayBuffer().then((body) => body.byteLength === count, () => false);
}

/** Publishes what has all its bytes on the server, as a later visit does. */
export async function publishUnfinished() {
  const { id: accountID, accountKey } = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const owner = { accountID, accountKey };
  const made = [];
  for (const { id } of await pendingSends()) made.push(await goOn({ upload: id, plan: await fetchState(owner, id), kept: true }, [], owner));
  return made;
}

/**
 * The length of the state of an upload of so many files, and whether it says the same when it is read; null where it cannot be kept.
 *
 * @param {number} count
 */
export function stateOf(count) {
  const random = () => crypto.getRandomValues(new Uint8Array(32));
  const plan = {
    link: { password: true, secret: random() },
    password: "sesam öffne dich",
    key: random(),
    title: "\u202e“Größe”",
    note: "",
    lifetime: null,
    maxVisits: 3,
    files: Array.from({ length: count }, (_, i) => ({
      path: `Ferien am See/IMG_${i} e\u0301.jpg`,
      size: 2 ** 40 + i,
      modified: i % 3 === 0 ? null : 1785578400000 + i,
      type: "image/jpeg",
      drive: i % 2 === 0 ? null : { path: `Album/${i}.jpg`, etag: `"${i}"` },
    })),
    folders: ["leer"],
  };
  const state = writeState(plan);
  return state && { length: state.length, same: JSON.stringify(readState(state)) === JSON.stringify(plan) };
}

/** How many chunks are being sealed at the same time, at most, while one batch is. */
export async function sealedAtOnce() {
  const real = SubtleCrypto.prototype.encrypt;
  let now = 0;
  let most = 0;
  SubtleCrypto.prototype.encrypt = async function (...args) {
    most = Math.max(most, ++now);
    try {
      return await real.apply(this, args);
    } finally {
      now--;
    }
  };
  try {
    const size = 8 * 262144;
    const content = contentOf([{ path: "a", size, from: { kind: "file", file: new File([pattern(size, 0)], "a") } }], 0);
    const key = await streamKey(crypto.getRandomValues(new Uint8Array(32)), ["encrypt"]);
    await sealedBatches(key, content, new AbortController().signal).take(0, 8 * sealedChunkSize);
  } finally {
    SubtleCrypto.prototype.encrypt = real;
  }
  return most;
}

/** Seals chunks, and some of them again, out of files that are others each time they are read and say nothing of it; gives the first byte of each chunk's plaintext. */
export async function sealedAgain() {
  const key = await streamKey(crypto.getRandomValues(new Uint8Array(32)), ["encrypt", "decrypt"]);
  let reads = 0;
  const content = { size: 20 * 262144, sum: 20 * 262144, unchanged: async () => {}, read: async (/** @type {number} */ start, /** @type {number} */ end) => new Uint8Array(end - start).fill(++reads) };
  const batches = sealedBatches(key, content, new AbortController().signal);
  /** @type {Record<number, Set<number>>} */
  const firsts = {};
  /** @param {number} from @param {number} to */
  async function take(from, to) {
    const sealed = await batches.take(from * sealedChunkSize, Math.min(batches.size, to * sealedChunkSize));
    for (let i = from; i < to; i++) {
      const chunk = await openChunk(key, sealed.slice((i - from) * sealedChunkSize, (i - from + 1) * sealedChunkSize), i, i === 19);
      (firsts[i] ??= new Set()).add(chunk[0]);
    }
  }
  await take(0, 8);
  await take(3, 11); // the server had three of them
  await take(3, 11); // and then nothing more
  await take(11, 19);
  await take(12, 20);
  return Object.values(firsts).map((set) => set.size);
}
