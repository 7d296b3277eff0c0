/**
 * The state of an upload: the plan of a link that is being sent, in a box that only its owner's browsers can open (docs/format.md, part 2). The server keeps it
 * beside the upload, so that a later visit, here or in another browser, can go on.
 *
 * keepState(account, upload, plan) -> Promise<boolean>      false where there are too many files for it
 * fetchState(account, upload) -> Promise<Plan>              throws AccountKeysError bad_box, ApiError
 */
import { AccountKeysError, openBox, sealBox, uploadsKey } from "./accountkeys.js";
import { ApiError, failure } from "./api.js";
import { at } from "./base.js";
import { decodeBase64url, encodeBase64url } from "./sealed/link.js";
import { accountHeader } from "./whose.js";

/** @typedef {import("./send-request.js").Plan} Plan */
/** @typedef {{accountKey: CryptoKey, accountID: string}} Owner */

/** The longest that fits in the server's 8,388,636 bytes with a box around it. */
const maxPlaintext = 8 * 1024 * 1024;
const leastPlaintext = 4096;
const encoder = new TextEncoder();

/** @param {string} upload */
const address = (upload) => at(`/api/uploads/${upload}/state`);

/**
 * @param {Owner} owner
 * @param {string} upload
 * @param {Plan} plan
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>}
 */
export async function keepState(owner, upload, plan, signal) {
  const plaintext = writeState(plan);
  if (plaintext === null) return false;
  const box = await sealBox(await uploadsKey(owner.accountKey), "upload", idOf(owner), encoder.encode(upload), plaintext);
  const answer = await request("PUT", upload, { body: box, signal });
  if (!answer.ok) throw await failure(answer);
  return true;
}

/**
 * @param {Owner} owner
 * @param {string} upload
 * @param {AbortSignal} [signal]
 * @returns {Promise<Plan>}
 */
export async function fetchState(owner, upload, signal) {
  const answer = await request("GET", upload, { signal });
  if (!answer.ok) throw await failure(answer);
  const box = new Uint8Array(await answer.arrayBuffer());
  return readState(await openBox(await uploadsKey(owner.accountKey), "upload", idOf(owner), encoder.encode(upload), box));
}

/**
 * @param {"GET" | "PUT"} method
 * @param {string} upload
 * @param {{body?: Uint8Array<ArrayBuffer>, signal?: AbortSignal}} options
 */
async function request(method, upload, { body, signal }) {
  const headers = { ...accountHeader(), ...(body && { "Content-Type": "application/octet-stream" }) };
  try {
    return await fetch(address(upload), { method, headers, body, signal, credentials: "same-origin", redirect: "error", cache: "no-store" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "no_connection", "No answer from the server.");
  }
}

/** @param {Owner} owner */
function idOf({ accountID }) {
  const id = decodeBase64url(accountID);
  if (!id) throw new TypeError("an upload's state: no account id");
  return id;
}

/**
 * Padded to a power of two, as a manifest is, so that its length tells no more of the number of files than the manifest's will.
 *
 * @param {Plan} plan
 * @returns {Uint8Array<ArrayBuffer> | null} null: it would be too long
 */
export function writeState({ link, password, key, title, note, lifetime, maxVisits, files, folders }) {
  const json = JSON.stringify({
    secret: encodeBase64url(link.secret),
    ...(link.password && { password }),
    key: encodeBase64url(key),
    ...(title !== "" && { title }),
    ...(note !== "" && { note }),
    lifetime,
    max_visits: maxVisits,
    files: files.map(({ drive, ...file }) => (drive ? { ...file, drive } : file)),
    ...(folders.length > 0 && { folders }),
  });
  const text = encoder.encode(json);
  let size = leastPlaintext;
  while (size < text.length) size *= 2;
  if (size > maxPlaintext) return null;
  const plaintext = new Uint8Array(size).fill(0x20);
  plaintext.set(text);
  return plaintext;
}

/**
 * @param {Uint8Array} plaintext
 * @returns {Plan}
 */
export function readState(plaintext) {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext));
    const [secret, key] = [decodeBase64url(text(value.secret)), decodeBase64url(text(value.key))];
    if (secret?.length !== 32 || key?.length !== 32) throw new RangeError("a key's length");
    return {
      link: { password: value.password !== undefined, secret },
      password: text(value.password ?? ""),
      key,
      title: text(value.title ?? ""),
      note: text(value.note ?? ""),
      lifetime: value.lifetime === null ? null : count(value.lifetime),
      maxVisits: value.max_visits === null ? null : count(value.max_visits),
      files: list(value.files).map((/** @type {any} */ file) => ({
        path: text(file.path),
        size: count(file.size),
        modified: file.modified === null ? null : integer(file.modified),
        type: text(file.type),
        drive: file.drive === undefined ? null : { path: text(file.drive.path), etag: text(file.drive.etag) },
      })),
      folders: list(value.folders ?? []).map(text),
    };
  } catch (cause) {
    throw new AccountKeysError("bad_box", { cause });
  }
}

/** @param {unknown} value @returns {string} */
function text(value) {
  if (typeof value !== "string") throw new TypeError("not a string");
  return value;
}

/** @param {unknown} value @returns {number} */
function integer(value) {
  if (!Number.isSafeInteger(value)) throw new TypeError("not an integer");
  return /** @type {number} */ (value);
}

/** @param {unknown} value @returns {number} */
function count(value) {
  if (integer(value) < 0) throw new RangeError("below 0");
  return integer(value);
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value;
}
