/**
 * What an owner does to the links of an account: reads the list, opens the notes, changes, renews. No DOM; the pages are drive/link-*.js. docs/api.md, "Links, for their owner".
 *
 * readLinks({signal?}) -> Promise<LinkAnswer[]>             newest first
 * noteReader(account) -> (row) => Promise<OwnNote>          opens the note of a row, once for each box; throws AccountKeysError bad_box
 * changeTerms(id, terms) -> Promise<LinkAnswer>             ApiError limit_passed, link_removed, too_many, not_found
 * readOwn(row, note) -> Promise<Manifest>                   throws LinkError older_manifest, SealedError, ApiError
 * reseal(account, row, note, manifest, words) -> Promise<{row, note}>       the content stays; ApiError link_changed: another device was first
 * renew(account, row, manifest, terms) -> Promise<{id, link, expires}>   a new secret over the same content; the old link is gone
 * expiresIn(lifetime) -> Date | null                        in whole seconds from now; null for ever
 */
import { noteOpener, sealNote } from "./accountkeys.js";
import { api, ApiError, failure, mayPass } from "./api.js";
import { at } from "./base.js";
import { readSealedManifest } from "./open.js";
import { pause as wait } from "./resume.js";
import { accessToken, linkID, linkRoot, sha256 } from "./sealed/keys.js";
import { decodeBase64url, encodeBase64url, formatLink } from "./sealed/link.js";
import { openManifest, sealManifest } from "./sealed/manifest.js";
import { ownTitle } from "./send-request.js";
import { accountHeader } from "./whose.js";

/**
 * @typedef {object} LinkAnswer  a row of GET /api/links
 * @property {string} id
 * @property {string} note
 * @property {number} version
 * @property {string} created
 * @property {string | null} expires
 * @property {number | null} max_visits
 * @property {number} visits
 * @property {number} size
 * @property {number} manifest_size
 * @property {string | null} last_opened
 * @property {"open" | "expired" | "used_up" | "paused" | "removed"} state
 * @property {string} message the operator's, often ""
 */

/**
 * @typedef {object} OwnNote
 * @property {import("./sealed/link.js").Link} secrets what the link is made of
 * @property {string} link the whole link with its fragment
 * @property {string} password "" for none
 * @property {string} title
 * @property {number} revision
 * @property {number} [files]
 */

/** @typedef {import("./sealed/manifest.js").Manifest} Manifest */
/** @typedef {{id: string, accountKey: CryptoKey}} Account */

const tries = 4;

/** Something that was found wrong here, not told by the server. */
export class LinkError extends Error {
  /** @param {"older_manifest"} code */
  constructor(code) {
    super(code);
    this.name = "LinkError";
    this.code = code;
  }
}

/**
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<LinkAnswer[]>}
 */
export async function readLinks(options) {
  return (await api("GET", "/api/links", undefined, options)).links;
}

/**
 * @param {Account} account
 * @returns {(row: {id: string, note: string}) => Promise<OwnNote>}
 */
export function noteReader(account) {
  const opener = noteOpener(account.accountKey, bytesOf(account.id));
  /** @type {Map<string, {box: string, note: Promise<OwnNote>}>} by link id */
  const opened = new Map();
  return (row) => {
    const known = opened.get(row.id);
    if (known?.box === row.note) return known.note;
    const note = opener.then((open) => open(bytesOf(row.id), bytesOf(row.note))).then(
      ({ link, password, title, revision, files }) => ({ secrets: link, link: addressOf(link), password, title, revision, files }),
    );
    opened.set(row.id, { box: row.note, note });
    return note;
  };
}

/** @param {string} text */
const bytesOf = (text) => decodeBase64url(text) ?? new Uint8Array(0);

/** @param {import("./sealed/link.js").Link} link */
const addressOf = (link) => `${location.origin}${at("/s/")}#${formatLink(link)}`;

/**
 * @param {string} id
 * @param {{expires?: Date | null, max_visits?: number | null, paused?: boolean}} terms what is left out stays as it is
 * @returns {Promise<LinkAnswer>}
 */
export function changeTerms(id, { expires, ...others }) {
  return api("PATCH", `/api/links/${id}`, { ...others, ...(expires !== undefined && { expires: stamp(expires) }) });
}

/** @param {Date | null} time */
const stamp = (time) => time?.toISOString().replace(/\.\d+Z$/u, "Z") ?? null;

/** @param {number | null} lifetime milliseconds */
export function expiresIn(lifetime) {
  return lifetime === null ? null : new Date(Math.floor((Date.now() + lifetime) / 1000) * 1000);
}

/**
 * The manifest as the owner may read it in every state of the link.
 *
 * @param {LinkAnswer} row
 * @param {OwnNote} note
 * @returns {Promise<Manifest>}
 */
export async function readOwn(row, note) {
  let answer;
  try {
    answer = await fetch(at(`/api/links/${row.id}/own-manifest`), { credentials: "same-origin", redirect: "error", cache: "no-store", headers: accountHeader() });
  } catch {
    throw new ApiError(0, "no_connection", "No answer from the server.");
  }
  if (!answer.ok) throw await failure(answer);
  const manifest = await openManifest(await linkRoot(note.secrets, note.password), await readSealedManifest(answer));
  // What was saved last has the note's number: a server that shows less shows something old, and what stands in it must not be saved as new.
  if (manifest.revision < note.revision) throw new LinkError("older_manifest");
  return manifest;
}

/**
 * @param {Account} account
 * @param {LinkAnswer} row
 * @param {OwnNote} note
 * @param {Manifest} manifest as readOwn gave it
 * @param {{title: string, note: string, password: string}} words password: "" for none
 * @returns {Promise<LinkAnswer>}
 */
export async function reseal(account, row, note, manifest, { title, note: text, password }) {
  const secrets = { secret: note.secrets.secret, password: password !== "" };
  const changed = { ...manifest, title, note: text, revision: manifest.revision + 1 };
  const { sealed, ...link } = await sealAll(account, secrets, password, changed);
  return sendForm("PUT", `/api/links/${row.id}/manifest`, { version: row.version, ...link }, sealed);
}

/**
 * @param {Account} account
 * @param {LinkAnswer} row
 * @param {Manifest} manifest as readOwn gave it
 * @param {{password: string, lifetime: number | null, keepsExpiry: boolean, maxVisits: number | null}} terms
 * @returns {Promise<{id: string, link: string, expires: Date | null}>}
 */
export async function renew(account, row, manifest, { password, lifetime, keepsExpiry, maxVisits }) {
  const secrets = { secret: crypto.getRandomValues(new Uint8Array(32)), password: password !== "" };
  const id = encodeBase64url(await linkID(secrets.secret));
  const { sealed, ...link } = await sealAll(account, secrets, password, { ...manifest, revision: 1 });
  const expires = keepsExpiry ? row.expires && new Date(row.expires) : expiresIn(lifetime);
  try {
    await sendForm("POST", `/api/links/${row.id}/renewal`, { version: row.version, id, ...link, expires: stamp(expires || null), max_visits: maxVisits }, sealed);
  } catch (error) {
    // The id comes from a secret that nobody else has: that it is taken means that an earlier try was enough.
    if (!(error instanceof ApiError && error.code === "id_taken")) throw error;
  }
  return { id, link: addressOf(secrets), expires: expires || null };
}

/**
 * @param {Account} account
 * @param {import("./sealed/link.js").Link} secrets
 * @param {string} password
 * @param {Manifest} manifest
 * @returns {Promise<{token_hash: string, note: string, sealed: Uint8Array<ArrayBuffer>}>}
 */
async function sealAll(account, secrets, password, manifest) {
  const root = await linkRoot(secrets, password);
  const sealed = await sealManifest(root, manifest);
  const tokenHash = await sha256(await accessToken(root));
  const { revision, files } = manifest;
  const note = await sealNote(account.accountKey, bytesOf(account.id), { link: secrets, password, title: ownTitle(manifest), revision, files: files.length });
  return { token_hash: encodeBase64url(tokenHash), note: encodeBase64url(note), sealed };
}

/**
 * Sends, and where the answer is lost sends the same once more: the server knows it again.
 *
 * @param {"PUT" | "POST"} method
 * @param {string} path
 * @param {object} link
 * @param {Uint8Array<ArrayBuffer>} manifest
 */
async function sendForm(method, path, link, manifest) {
  for (let attempt = 1; ; attempt++) {
    const form = new FormData();
    form.append("link", new Blob([JSON.stringify(link)], { type: "application/json" }));
    form.append("manifest", new Blob([manifest], { type: "application/octet-stream" }));
    try {
      return await api(method, path, form);
    } catch (error) {
      if (!mayPass(error) || attempt === tries) throw error;
      const asked = error instanceof ApiError ? error.retryAfter ?? 0 : 0;
      await wait(Math.min(15, Math.max(2 ** attempt / 4, asked)) * 1000);
    }
  }
}
