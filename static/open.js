/**
 * Opens a sealed link: from the fragment to the manifest, and to the content when a person asks for it.
 *
 * fragmentFrom(text) -> string                  the fragment of location.href or of a pasted link, also where "#" became "%23" or "%2523" on its way
 * parseLink(fragment).password                  (sealed.js) whether a password must be asked for
 * openLink(fragment, {password?, signal?}) -> Promise<Opened>
 *   throws SealedError (code: link_*, unknown_*, password_*, bad_tag, ... see sealed/errors.js) or ApiError (404 not_found; 410 gone with reason and message;
 *   403 wrong_token: the password is wrong; 429 slow_down with retryAfter; 0 no_connection)
 * readSealedManifest(answer) -> Promise<Uint8Array>   throws SealedError manifest_too_long
 * Opened: {id: string, manifest, source: Source, ticket() -> Promise<string>, limited: boolean}
 *   manifest: {title, note, files, folders, ...}; source: list, walk, read, for download() and previews. The first read asks the server for a ticket, which
 *   counts as a visit; a reload in the same tab uses it again.
 */
import { ApiError, failure } from "./api.js";
import { at } from "./base.js";
import { pause } from "./resume.js";
import { accessToken, linkID, linkRoot, sha256 } from "./sealed/keys.js";
import { SealedError } from "./sealed/errors.js";
import { encodeBase64url, parseLink } from "./sealed/link.js";
import { contentSize, maxSealedManifest, openManifest } from "./sealed/manifest.js";
import { streamKey } from "./sealed/stream.js";
import { sealedSource } from "./source-sealed.js";

/** How often a server is asked for a ticket that says "slow down". */
const slowTurns = 10;

/**
 * @typedef {object} Opened
 * @property {string} id base64url
 * @property {import("./sealed/manifest.js").Manifest} manifest
 * @property {import("./source.js").Source} source
 * @property {() => Promise<string>} ticket asks for it, once
 * @property {boolean} limited it opens only so many times
 */

/**
 * @param {string} text
 * @returns {string} "" where there is none
 */
export function fragmentFrom(text) {
  const found = /(?:#|%23|%2523)+([^#%]*)/i.exec(text.trim());
  if (found) return found[1];
  return /^[A-Za-z0-9_-]*$/.test(text.trim()) ? text.trim() : "";
}

/**
 * @param {string} fragment
 * @param {{password?: string, signal?: AbortSignal}} [options]
 * @returns {Promise<Opened>}
 */
export async function openLink(fragment, { password, signal } = {}) {
  const link = parseLink(fragment);
  const root = await linkRoot(link, password);
  const id = encodeBase64url(await linkID(link.secret));
  const tokenBytes = await accessToken(root);
  const token = encodeBase64url(tokenBytes);
  const slot = `thorpe/ticket/${id}/${encodeBase64url(await sha256(tokenBytes))}`;
  const { sealed, limited } = await fetchManifest(id, token, slot, signal);
  const manifest = await openManifest(root, sealed);
  const key = await streamKey(manifest.key, ["decrypt"]);

  /** @type {Promise<string> | null} */
  let ticket = null;
  const getTicket = () => {
    ticket ??= askTicket(id, token, slot).catch((error) => {
      ticket = null; // the next act may ask again
      throw error;
    });
    return ticket;
  };
  const size = contentSize(manifest);
  const content = async () => ({ id, token, ticket: await getTicket(), key, size });
  return { id, manifest, source: sealedSource(manifest, content), ticket: getTicket, limited };
}

/**
 * @param {string} id
 * @param {string} token
 * @param {string} slot of the ticket: a page that had one is loaded again also when the link has meanwhile expired or is used up
 * @param {AbortSignal} [signal]
 * @returns {Promise<{sealed: Uint8Array<ArrayBuffer>, limited: boolean}>}
 */
async function fetchManifest(id, token, slot, signal) {
  const ticket = remembered(slot);
  const answer = await ask("GET", `/api/links/${id}/manifest`, token, { headers: ticket === null ? {} : { "Thorpe-Ticket": ticket }, signal });
  return { sealed: await readSealedManifest(answer), limited: answer.headers.has("Thorpe-Limited") };
}

/**
 * @param {Response} answer
 * @returns {Promise<Uint8Array<ArrayBuffer>>} no more than a manifest can have
 */
export async function readSealedManifest(answer) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  /** @type {Uint8Array[]} */
  const pieces = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(noConnection);
    if (done) break;
    size += value.length;
    if (size > maxSealedManifest) {
      await reader.cancel();
      throw new SealedError("manifest_too_long");
    }
    pieces.push(value);
  }
  const sealed = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    sealed.set(piece, at);
    at += piece.length;
  }
  return sealed;
}

/**
 * A ticket is made here and named to the server, which counts a visit when it first hears of it: an answer that was lost costs nothing. Where many ask at once
 * from one network, such as a school, the server says when to ask again.
 *
 * @param {string} id
 * @param {string} token
 * @param {string} slot its name in sessionStorage
 * @returns {Promise<string>}
 */
async function askTicket(id, token, slot) {
  const ticket = remembered(slot) ?? encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
  remember(slot, ticket); // before asking, so that a reload meanwhile names the same one
  for (let turns = 1; ; turns++) {
    try {
      await ask("POST", `/api/links/${id}/downloads`, token, { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ticket }) });
      return ticket;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "slow_down" || turns === slowTurns) throw error;
      await pause(Math.min(error.retryAfter ?? 5, 60) * 1000 + Math.random() * 1000);
    }
  }
}

/** @param {string} slot */
function remembered(slot) {
  try {
    return sessionStorage.getItem(slot);
  } catch {
    return null; // storage is switched off: the ticket lives as long as the page
  }
}

/**
 * @param {string} slot
 * @param {string} ticket
 */
function remember(slot, ticket) {
  try {
    sessionStorage.setItem(slot, ticket);
  } catch {
    // as above
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {string} token
 * @param {{headers: Record<string, string>, body?: string, signal?: AbortSignal}} request
 * @returns {Promise<Response>} of a status below 300
 */
async function ask(method, path, token, { headers, body, signal }) {
  const authorized = { ...headers, Authorization: `Bearer ${token}` };
  const answer = await fetch(at(path), { method, headers: authorized, body, signal, credentials: "omit", redirect: "error", cache: "no-store" }).catch((error) => {
    if (signal?.aborted) throw error;
    return noConnection();
  });
  if (!answer.ok) throw await failure(answer);
  return answer;
}

/** @returns {never} */
function noConnection() {
  throw new ApiError(0, "no_connection", "No answer from the server.");
}
