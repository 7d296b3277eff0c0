/**
 * A recovery key on paper: the base32 of its 32 bytes and 3 bytes of checksum, 56 characters without spare bits. The alphabet is Crockford's, which has no I, L, O
 * and U. Twin of shares/accountkeys/recoverykey.go.
 *
 * formatRecoveryKey(recoveryKey) -> Promise<string>       14 groups of four, joined by "-"
 * parseRecoveryKey(text) -> Promise<Uint8Array>           throws AccountKeysError recovery_key_*
 */
import { AccountKeysError } from "./accountkeys-error.js";
import { sha256 } from "./sealed/keys.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

const keySize = 32;
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const textLength = 56;
const checksumSize = 3;

/**
 * @param {Bytes} first
 * @param {Bytes} second
 */
function joined(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** @param {Bytes} recoveryKey */
async function checksum(recoveryKey) {
  return (await sha256(joined(new TextEncoder().encode("thorpe/1/recovery key"), recoveryKey))).subarray(0, checksumSize);
}

/**
 * @param {Bytes} recoveryKey
 * @returns {Promise<string>}
 */
export async function formatRecoveryKey(recoveryKey) {
  const bytes = joined(recoveryKey, await checksum(recoveryKey));
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return /** @type {string[]} */ (text.match(/.{4}/g)).join("-");
}

/**
 * Reads what a person typed: white space and dashes are skipped, small letters are taken as capitals, I and L as 1, O as 0.
 *
 * @param {string} text
 * @returns {Promise<Bytes>}
 */
export async function parseRecoveryKey(text) {
  const plain = text
    .replace(/[ \t\r\n\u00a0\-\u2010-\u2014\u2212]/g, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0");
  if ([...plain].some((character) => !alphabet.includes(character))) throw new AccountKeysError("recovery_key_character");
  if (plain.length !== textLength) throw new AccountKeysError("recovery_key_length");
  const bytes = new Uint8Array(keySize + checksumSize);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of plain) {
    held = (held << 5) | alphabet.indexOf(character);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  const recoveryKey = bytes.slice(0, keySize);
  const sum = await checksum(recoveryKey);
  if (sum.some((byte, i) => byte !== bytes[keySize + i])) throw new AccountKeysError("recovery_key_checksum");
  return recoveryKey;
}
