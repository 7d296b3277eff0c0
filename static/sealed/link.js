/**
 * The link's fragment: base64url of 34 bytes, which are format, flags and secret (FORMAT 1, "The link"). Twin of shares/sealed/link.go.
 *
 * parseLink(fragment) -> Link           fragment: the 46 characters, without "#"; throws SealedError link_*, unknown_*
 * formatLink(link) -> string            the 46 characters
 * encodeBase64url, decodeBase64url      of base64url.js
 */
import { decodeBase64url, encodeBase64url, standard } from "./base64url.js";
import { SealedError } from "./errors.js";

export { decodeBase64url, encodeBase64url };

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
