/**
 * base64url (RFC 4648, section 5).
 *
 * encodeBase64url(bytes) -> string      canonical: no padding, spare bits zero
 * decodeBase64url(text) -> Uint8Array | null      null where the text is not canonical
 */

/**
 * The standard alphabet in place of the one for URLs.
 *
 * @param {string} text
 */
export const standard = (text) => text.replace(/-/g, "+").replace(/_/g, "/");

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
