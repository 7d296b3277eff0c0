/**
 * Builds the sealed bytes of a vector's rule (docs/format.md, part 3): seals its pieces one after another with the nonces it names, then turns bits, cuts and appends.
 * It seals by itself, since our own code takes no nonce from anyone.
 */
import { decodeBase64url } from "../sealed/link.js";
import { streamKey } from "../sealed/stream.js";

/** @param {string} [text] */
const bytes = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (decodeBase64url(text ?? ""));

/**
 * @param {any} rule
 * @param {(salt: Uint8Array<ArrayBuffer>) => Promise<CryptoKey>} keyOf the manifest key of a salt
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function recipeBytes(rule, keyOf) {
  const plaintext = plain(rule.plaintext);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [bytes(rule.salt)];
  for (const piece of rule.pieces ?? []) {
    let key;
    if (piece.key) key = await streamKey(bytes(piece.key), ["encrypt"]);
    else if (piece.salt) key = await keyOf(bytes(piece.salt));
    else if (rule.key) key = await streamKey(bytes(rule.key), ["encrypt"]);
    else key = await keyOf(bytes(rule.salt));
    parts.push(...(await seal(key, piece, plaintext.subarray(piece.start, piece.start + piece.size))));
  }
  let out = new Uint8Array(await new Blob(parts).arrayBuffer());
  for (const offset of rule.flip ?? []) out[offset] ^= 1;
  if (rule.cut !== undefined) out = out.slice(0, rule.cut);
  return new Uint8Array(await new Blob([out, bytes(rule.append), new Uint8Array(rule.zeros ?? 0)]).arrayBuffer());
}

/**
 * @param {CryptoKey} key
 * @param {{index: number, last: boolean, nonce: number}} piece
 * @param {Uint8Array<ArrayBuffer>} plaintext
 */
async function seal(key, { index, last, nonce }, plaintext) {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, BigInt(nonce));
  const additionalData = new Uint8Array(9);
  new DataView(additionalData.buffer).setBigUint64(0, BigInt(index));
  additionalData[8] = last ? 1 : 0;
  return [iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plaintext))];
}

/** @param {any} rule */
function plain({ pattern = 0, zeros = 0, before, each = "", count = 0, after = "", size = 0 }) {
  if (before) {
    const items = Array.from({ length: count }, (_, i) => each.replaceAll("%d", String(i)));
    const text = new TextEncoder().encode(before + items.join(",") + after);
    const padded = new Uint8Array(Math.max(size, text.length)).fill(0x20);
    padded.set(text);
    return padded;
  }
  const out = new Uint8Array(pattern + zeros);
  for (let i = 0; i < pattern; i++) out[i] = 31 * i + Math.floor(i / 256);
  return out;
}
