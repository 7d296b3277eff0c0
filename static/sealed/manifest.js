/**
 * The manifest: what a link holds (FORMAT 1, "Manifest"). Twin of shares/sealed/manifest.go.
 *
 * readManifest(plaintext) -> Manifest                   throws SealedError
 * writeManifest(manifest) -> Uint8Array                 JSON, padded with spaces
 * openManifest(root, sealed) -> Promise<Manifest>
 * sealManifest(root, manifest) -> Promise<Uint8Array>   a new salt each time
 * contentSize(manifest) -> number                       plaintext bytes of the content: sizes and padding
 * paddingFor(size) -> number                            the zero bytes a writer adds to files of `size` bytes together
 * maxSealedManifest                                     67,116,064: the longest sealed manifest, bytes
 */
import { SealedError } from "./errors.js";
import { decodeBase64url, encodeBase64url } from "./link.js";
import { manifestKey } from "./keys.js";
import { checkPaths, readPath } from "./path.js";
import { maxPlaintext, openBytes, plaintextSize, sealBytes, sealedSize } from "./stream.js";

/**
 * @typedef {object} ManifestFile
 * @property {string} path NFC, relative, parts joined by "/"
 * @property {number} size bytes
 * @property {string} type a media type as the sender claims it, or ""
 * @property {Date | null} modified
 * @property {number} start where the file's bytes begin in the content: the sum of the sizes before it
 */

/**
 * @typedef {object} Manifest
 * @property {number} revision counts the sealings of one link
 * @property {string} title "" where there is none
 * @property {string} note "" where there is none
 * @property {Uint8Array<ArrayBuffer>} key the content key, 32 bytes
 * @property {ManifestFile[]} files
 * @property {string[]} folders folders without files
 * @property {number} padding zero bytes after the last file
 */

const format = 1;
const saltSize = 32;
const minPadded = 4096;
const maxPadded = 67108864;
const maxTitle = 200;
const maxNote = 4000;

export const maxSealedManifest = saltSize + sealedSize(maxPadded);

/**
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @returns {Manifest}
 */
export function readManifest(plaintext) {
  if (plaintext.length > maxPadded) throw new SealedError("manifest_too_long");
  const object = parse(plaintext);
  const formatNumber = required(object, "format", "number");
  if (formatNumber !== format) throw new SealedError("unknown_format");
  const key = decodeBase64url(required(object, "key", "string"));
  if (key?.length !== 32) throw new SealedError("bad_key");

  const revision = "revision" in object ? count(required(object, "revision", "number")) : 1;
  const padding = "padding" in object ? count(required(object, "padding", "number")) : 0;
  const title = text(object, "title", maxTitle);
  const note = text(object, "note", maxNote);
  const folders = "folders" in object ? array(object.folders).map(folder) : [];

  let sum = 0;
  const files = array(object.files).map((value) => {
    const file = members(value);
    const path = readPath(required(file, "path", "string"));
    const size = count(required(file, "size", "number"));
    const start = sum;
    sum += size;
    count(sum + padding);
    return { path, size, start, type: readType(file.type), modified: readTime(file.modified) };
  });
  checkPaths(files.map((file) => file.path), folders);
  return { revision, title, note, key, files, folders, padding };
}

/**
 * @param {Uint8Array<ArrayBuffer>} plaintext
 * @returns {Record<string, unknown>}
 */
function parse(plaintext) {
  let json;
  try {
    json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext); // a byte order mark stays, and is no JSON
  } catch (cause) {
    throw new SealedError("bad_utf8", { cause });
  }
  let value;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new SealedError("bad_json", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SealedError("bad_json");
  return members(value);
}

/**
 * An object's own members and nothing else, so that `"__proto__"` is a name like any other and "constructor" is absent unless it stands there.
 *
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function members(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new SealedError("bad_member");
  const own = Object.create(null);
  for (const [name, member] of Object.entries(value)) own[name] = member;
  return own;
}

/**
 * @template {"string" | "number" | "object"} T
 * @param {Record<string, unknown>} object
 * @param {string} name
 * @param {T} type
 * @returns {T extends "string" ? string : T extends "number" ? number : object}
 */
function required(object, name, type) {
  const value = object[name];
  if (typeof value !== type || value === null) throw new SealedError("bad_member");
  return /** @type {any} */ (value);
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
function array(value) {
  if (!Array.isArray(value)) throw new SealedError("bad_member");
  return value;
}

/** @param {unknown} value */
function folder(value) {
  if (typeof value !== "string") throw new SealedError("bad_member");
  return readPath(value);
}

/** @param {number} value */
function count(value) {
  if (!Number.isInteger(value) || value < 0 || value > maxPlaintext) throw new SealedError("bad_number");
  return value;
}

/**
 * @param {Record<string, unknown>} object
 * @param {string} name
 * @param {number} limit code points
 */
function text(object, name, limit) {
  if (!(name in object)) return "";
  const value = required(object, name, "string");
  if (!value.isWellFormed()) throw new SealedError("lone_surrogate");
  if (value.length > limit && [...value].length > limit) throw new SealedError("text_too_long");
  return value;
}

/**
 * Type and subtype as RFC 6838, section 4.2, names them, or "" for what is not understood.
 *
 * @param {unknown} value
 */
function readType(value) {
  const name = "[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}";
  return typeof value === "string" && new RegExp(`^${name}/${name}$`).test(value) ? value : "";
}

/**
 * A date-time of RFC 3339 in UTC, or null for what is not understood, such as 30 February.
 *
 * @param {unknown} value
 * @returns {Date | null}
 */
function readTime(value) {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value) || value.startsWith("0000")) return null;
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === value.slice(0, 19) ? date : null;
}

/** @param {Date | null} time */
function writeTime(time) {
  const year = time?.getUTCFullYear() ?? 0;
  return time && year >= 1 && year <= 9999 ? { modified: time.toISOString().replace(/\.\d+Z$/, "Z") } : {};
}

/**
 * @param {Manifest} manifest
 * @returns {Uint8Array<ArrayBuffer>} a power of two of bytes
 */
export function writeManifest(manifest) {
  const { revision, title, note, key, files, folders, padding } = manifest;
  const object = {
    format,
    revision,
    ...(title === "" ? {} : { title }),
    ...(note === "" ? {} : { note }),
    key: encodeBase64url(key),
    files: files.map(({ path, size, type, modified }) => ({
      path,
      size,
      ...(readType(type) === "" ? {} : { type }),
      ...writeTime(modified),
    })),
    ...(folders.length === 0 ? {} : { folders }),
    padding,
  };
  const json = new TextEncoder().encode(JSON.stringify(object));
  if (json.length > maxPadded) throw new SealedError("manifest_too_long");
  let size = minPadded;
  while (size < json.length) size *= 2;
  const padded = new Uint8Array(size).fill(0x20);
  padded.set(json);
  readManifest(padded); // whatever a reader would refuse is refused here first
  return padded;
}

/**
 * @param {Uint8Array<ArrayBuffer>} root see linkRoot
 * @param {Uint8Array<ArrayBuffer>} sealed
 * @returns {Promise<Manifest>}
 */
export async function openManifest(root, sealed) {
  if (sealed.length > maxSealedManifest) throw new SealedError("manifest_too_long");
  plaintextSize(sealed.length - saltSize); // throws bad_length
  const salt = sealed.slice(0, saltSize);
  const stream = sealed.subarray(saltSize);
  return readManifest(await openBytes(await manifestKey(root, salt, ["decrypt"]), stream));
}

/**
 * @param {Uint8Array<ArrayBuffer>} root
 * @param {Manifest} manifest
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sealManifest(root, manifest) {
  const salt = crypto.getRandomValues(new Uint8Array(saltSize));
  const stream = await sealBytes(await manifestKey(root, salt, ["encrypt"]), writeManifest(manifest));
  const sealed = new Uint8Array(saltSize + stream.length);
  sealed.set(salt);
  sealed.set(stream, saltSize);
  return sealed;
}

/**
 * @param {Manifest} manifest
 * @returns {number}
 */
export function contentSize({ files, padding }) {
  const last = files.at(-1);
  return (last ? last.start + last.size : 0) + padding;
}

/**
 * Rounds the content up, so that its length says little: to the next multiple of max(4096, 2^(floor(log2(max(1, size))) - 5)).
 *
 * @param {number} size all files together
 * @returns {number}
 */
export function paddingFor(size) {
  let power = 1; // the greatest power of two that is not above size
  while (power * 2 <= size) power *= 2;
  const unit = Math.max(4096, power / 32);
  return Math.ceil(size / unit) * unit - size;
}
