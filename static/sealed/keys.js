/**
 * What is derived from a link's secret (FORMAT 1, "Keys"). Twin of shares/sealed/keys.go.
 *
 * linkID(secret) -> Uint8Array(16)
 * linkRoot(link, password?) -> Promise<Uint8Array>          32 bytes, or 64 with a password; throws SealedError password_*
 * accessToken(root) -> Promise<Uint8Array(32)>
 * manifestKey(root, salt, usages) -> Promise<CryptoKey>     AES-GCM, not extractable
 * passwordBytes(password) -> Uint8Array                     NFKC as UTF-8; throws SealedError password_*
 * hkdf(secret, info, length, salt?) -> Promise<Uint8Array>  HKDF-SHA-256
 * sha256(bytes) -> Promise<Uint8Array(32)>
 */
import { argon2id } from "../argon2.js";
import { SealedError } from "./errors.js";

const encoder = new TextEncoder();
const none = new Uint8Array(0);

/**
 * @param {Uint8Array<ArrayBuffer> | CryptoKey} secret bytes, or an HKDF key
 * @param {string} info ASCII
 * @param {number} length in bytes
 * @param {Uint8Array<ArrayBuffer>} [salt]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function hkdf(secret, info, length, salt = none) {
  const key = secret instanceof CryptoKey ? secret : await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(info) }, key, length * 8);
  return new Uint8Array(bits);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/**
 * @param {Uint8Array<ArrayBuffer>} secret
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function linkID(secret) {
  return hkdf(secret, "thorpe/1/link id", 16);
}

/**
 * The bytes of a password that are hashed. Nothing is trimmed, folded or cut.
 *
 * @param {string} password
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function passwordBytes(password) {
  if (!password.isWellFormed()) throw new SealedError("password_lone_surrogate");
  const normal = password.normalize("NFKC");
  if (normal === "") throw new SealedError("password_empty");
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(normal)) throw new SealedError("password_control");
  const bytes = encoder.encode(normal);
  if (bytes.length > 1024) throw new SealedError("password_too_long");
  return bytes;
}

/**
 * The input of all keys but the id: the secret, or the secret and the stretched password. A password given for a link without one is ignored.
 *
 * @param {import("./link.js").Link} link
 * @param {string} [password]
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function linkRoot(link, password) {
  if (!link.password) return link.secret;
  if (password === undefined) throw new SealedError("password_needed");
  const bytes = passwordBytes(password);
  const salt = await hkdf(link.secret, "thorpe/1/password salt", 16);
  const stretched = await argon2id(bytes, salt);
  const root = new Uint8Array(link.secret.length + stretched.length);
  root.set(link.secret);
  root.set(stretched, link.secret.length);
  return root;
}

/**
 * @param {Uint8Array<ArrayBuffer>} root
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function accessToken(root) {
  return hkdf(root, "thorpe/1/access token", 32);
}

/**
 * @param {Uint8Array<ArrayBuffer>} root
 * @param {Uint8Array<ArrayBuffer>} salt 32 bytes, the manifest's own
 * @param {KeyUsage[]} usages
 * @returns {Promise<CryptoKey>}
 */
export async function manifestKey(root, salt, usages) {
  return crypto.subtle.importKey("raw", await hkdf(root, "thorpe/1/manifest key", 32, salt), "AES-GCM", false, usages);
}
