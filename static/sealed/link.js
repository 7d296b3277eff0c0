/**
 * The link's fragment: base64url of 34 bytes, which are format, flags and secret (FORMAT 1, "The link"). Twin of shares/sealed/link.go.
 *
 * parseLink(fragment) -> Link           fragment: the 46 characters, without "#"; throws SealedError link_*, unknown_*
 * formatLink(link) -> string            the 46 characters
 * encodeBase64url(bytes) -> string      canonical: no padding, spare bits zero
 * decodeBase64url(text) -> Uint8Array | null      null where the text is not canonical
 */
import { SealedError } from "./errors.js";

/** @typedef {{password: boolean, secret: Uint8Array<ArrayBuffer>}} Link  `password`: whether one is needed; `secret`: 32 bytes */

const linkLength = 46;
const format = 0x01;
const flagPassword = 0x01;

/**
 * @param {string} fragment
 * @returns {Link}
 */
export function parseLink(fragment) {
  if (!/^[A-Za-z0-9_-]*$/.test(fragment)) throw new SealedError("link_not_base64url");
  // Two characters hold the first byte whole; a newer format may have another length.
  if (fragment.length >= 2 && atob(`${standard(fragment.slice(0, 2))}AA`).charCodeAt(0) !== format) throw new SealedError("unknown_format");
  if (fragment.length < linkLength) throw new SealedError("link_cut_off");
  if (fragment.length > linkLength) throw new SealedError("link_too_long");
  const bytes = decodeBase64url(fragment);
  if (!bytes) throw new SealedError("link_not_base64url");
  if ((bytes[1] & ~flagPassword) !== 0) throw new SealedError("unknown_flags");
  return { password: (bytes[1] & flagPassword) !== 0, secret: bytes.slice(2) };
}

/**
 * @param {Link} link
 * @returns {string}
 */
export function formatLink({ password, secret }) {
  const bytes = new Uint8Array(2 + secret.length);
  bytes[0] = format;
  bytes[1] = password ? flagPassword : 0;
  bytes.set(secret, 2);
  return encodeBase64url(bytes);
}

/**
 * The standard alphabet in place of the one for URLs.
 *
 * @param {string} text
 */
const standard = (text) => text.replace(/-/g, "+").replace(/_/g, "/");

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function encodeBase64url(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
export function decodeBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const raw = atob(standard(text));
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0));
  return encodeBase64url(bytes) === text ? bytes : null; // atob takes spare bits that are not zero
}
