/**
 * Makes an account, sends files, opens links and saves them, as the pages do; with small reports for the test to look at.
 */
import { createAccount, currentAccount } from "../account.js";
import { download } from "../download.js";
import { fragmentFrom, openLink } from "../open.js";
import { itemsFromFiles, itemsFromSource, openNote, pauser, send } from "../send.js";
import { webdavSource } from "../source-webdav.js";
import { api } from "../api.js";

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
  const account = /** @type {import("../account.js").Account} */ (await currentAccount());
  /** @type {string[]} */
  const states = [];
  let last = { sent: -1, total: -1 };
  const made = await send(
    { items: itemsFromFiles(filesFor(wanted)), expires: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id, ...choices },
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
  return new Uint8Array(await new Response(/** @type {any} */ (stream)).arrayBuffer());
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
const codeOf = (error) => error?.code || error?.name || String(error);

/** @param {Wanted[]} wanted */
export async function digests(wanted) {
  return Promise.all(filesFor(wanted).map(async ({ file }) => digest(new Uint8Array(await file.arrayBuffer()))));
}

/** The owner's list, with the notes opened. */
export async function myLinks() {
  const account = /** @type {import("../account.js").Account} */ (await currentAccount());
  const { links } = await api("GET", "/api/links");
  return Promise.all(links.map(async (/** @type {any} */ row) => ({ ...(await openNote(account, row)), id: row.id, visits: row.visits })));
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

export { pauser, itemsFromSource };
