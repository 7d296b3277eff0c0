/**
 * The keys of an account and the boxes under them (docs/format.md, part 2). Twin of Go shares/accountkeys. Nothing here talks to the server.
 * All bytes are Uint8Array; the API takes them through encodeBase64url and decodeBase64url of sealed.js.
 *
 * newAccountID(), newSalt(), newKey() -> Uint8Array                            16, 16, 32 random bytes; newKey makes account keys and recovery keys
 * passwordKeys(password, salt) -> Promise<{auth, wrap}>                        auth: 32 bytes for the server, wrap: CryptoKey; throws SealedError password_*
 * recoveryKeys(recoveryKey) -> Promise<{auth, wrap}>                           likewise
 * sealAccountKey(wrap, purpose, accountID, accountKey) -> Promise<Uint8Array>  60 bytes; purpose: "wrap" | "recovery"; wrap: of passwordKeys or recoveryKeys
 * openAccountKey(wrap, purpose, accountID, box) -> Promise<Uint8Array>         32 bytes; throws AccountKeysError bad_box
 * importAccountKey(accountKey) -> Promise<CryptoKey>                           HKDF, not extractable: what currentAccount().accountKey is
 * formatRecoveryKey(recoveryKey) -> Promise<string>                            14 groups of four, joined by "-"
 * parseRecoveryKey(text) -> Promise<Uint8Array>                                throws AccountKeysError recovery_key_*
 * sealNote(accountKey, accountID, note) -> Promise<Uint8Array>                 accountKey: CryptoKey; note: Note
 * openNote(accountKey, accountID, linkID, box) -> Promise<Note>                throws AccountKeysError bad_box, also where the note names another link
 * noteOpener(accountKey, accountID) -> Promise<(linkID, box) => Promise<Note>> openNote for many: the notes key is derived once
 * sealBox, openBox, notesKey, uploadsKey: what the others are made of
 */
import { AccountKeysError } from "./accountkeys-error.js";
import { argon2id } from "./argon2.js";
import { hkdf, linkID, passwordBytes } from "./sealed/keys.js";
import { decodeBase64url, encodeBase64url } from "./sealed/link.js";

export { AccountKeysError };
export { formatRecoveryKey, parseRecoveryKey } from "./recoverykey.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {"wrap" | "recovery" | "link" | "upload"} Purpose */
/**
 * @typedef {{link: import("./sealed/link.js").Link, password: string, title: string, revision: number, files?: number}} Note
 * what an owner keeps about a link; "" is none; files: how many the manifest names, left out where that is not known
 */

const keySize = 32;
const saltSize = 16;
const nonceSize = 12;
const boxOverhead = nonceSize + 16;
const noteUnit = 1024;
const encoder = new TextEncoder();

/** @param {number} size */
const random = (size) => crypto.getRandomValues(new Uint8Array(size));

export const newAccountID = () => random(16);
export const newSalt = () => random(16);
export const newKey = () => random(keySize);

/**
 * The keys of a login password. Takes about half a second.
 *
 * @param {string} password
 * @param {Bytes} salt 16 bytes
 * @returns {Promise<{auth: Bytes, wrap: CryptoKey}>}
 */
export async function passwordKeys(password, salt) {
  if (salt.length !== saltSize) throw new RangeError("a salt has 16 bytes");
  const master = await argon2id(passwordBytes(password), salt);
  return { auth: await hkdf(master, "thorpe/1/account/auth", keySize), wrap: await boxKey(master, "thorpe/1/account/wrap") };
}

/**
 * @param {Bytes} recoveryKey
 * @returns {Promise<{auth: Bytes, wrap: CryptoKey}>}
 */
export async function recoveryKeys(recoveryKey) {
  return { auth: await hkdf(recoveryKey, "thorpe/1/recovery/auth", keySize), wrap: await boxKey(recoveryKey, "thorpe/1/recovery/wrap") };
}

/**
 * @param {Bytes} accountKey
 * @returns {Promise<CryptoKey>}
 */
export function importAccountKey(accountKey) {
  return crypto.subtle.importKey("raw", accountKey, "HKDF", false, ["deriveBits"]);
}

/** @param {CryptoKey} accountKey */
export const notesKey = (accountKey) => boxKey(accountKey, "thorpe/1/account/links");

/** @param {CryptoKey} accountKey */
export const uploadsKey = (accountKey) => boxKey(accountKey, "thorpe/1/account/uploads");

/**
 * @param {Bytes | CryptoKey} secret
 * @param {string} label
 * @returns {Promise<CryptoKey>}
 */
async function boxKey(secret, label) {
  return crypto.subtle.importKey("raw", await hkdf(secret, label, keySize), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * "thorpe/1/box/" || purpose || 0x00 || account id || item
 *
 * @param {Purpose} purpose
 * @param {Bytes} accountID
 * @param {Bytes} item
 */
function boxData(purpose, accountID, item) {
  return concat(encoder.encode(`thorpe/1/box/${purpose}\0`), accountID, item);
}

/**
 * @param {Uint8Array[]} parts
 * @returns {Bytes}
 */
function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * @param {CryptoKey} key
 * @param {Purpose} purpose
 * @param {Bytes} accountID 16 bytes
 * @param {Bytes} item empty, the link id, or the upload id in ASCII
 * @param {Bytes} plaintext
 * @returns {Promise<Bytes>} nonce || ciphertext || tag
 */
export async function sealBox(key, purpose, accountID, item, plaintext) {
  const iv = random(nonceSize);
  const additionalData = boxData(purpose, accountID, item);
  return concat(iv, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plaintext)));
}

/**
 * @param {CryptoKey} key
 * @param {Purpose} purpose
 * @param {Bytes} accountID
 * @param {Bytes} item
 * @param {Bytes} box
 * @returns {Promise<Bytes>}
 */
export async function openBox(key, purpose, accountID, item, box) {
  if (box.length < boxOverhead) throw new AccountKeysError("bad_box");
  const iv = box.subarray(0, nonceSize);
  const additionalData = boxData(purpose, accountID, item);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, box.subarray(nonceSize)));
  } catch (cause) {
    throw new AccountKeysError("bad_box", { cause });
  }
}

const noItem = new Uint8Array(0);

/**
 * @param {CryptoKey} wrap
 * @param {"wrap" | "recovery"} purpose
 * @param {Bytes} accountID
 * @param {Bytes} accountKey
 * @returns {Promise<Bytes>}
 */
export function sealAccountKey(wrap, purpose, accountID, accountKey) {
  return sealBox(wrap, purpose, accountID, noItem, accountKey);
}

/**
 * @param {CryptoKey} wrap
 * @param {"wrap" | "recovery"} purpose
 * @param {Bytes} accountID
 * @param {Bytes} box
 * @returns {Promise<Bytes>}
 */
export async function openAccountKey(wrap, purpose, accountID, box) {
  const accountKey = await openBox(wrap, purpose, accountID, noItem, box);
  if (accountKey.length !== keySize) throw new AccountKeysError("bad_box");
  return accountKey;
}

/**
 * @param {CryptoKey} accountKey
 * @param {Bytes} accountID
 * @param {Note} note
 * @returns {Promise<Bytes>}
 */
export async function sealNote(accountKey, accountID, { link, password, title, revision, files }) {
  const json = JSON.stringify({
    secret: encodeBase64url(link.secret),
    ...(password === "" ? {} : { password }),
    ...(title === "" ? {} : { title }),
    revision,
    files,
  });
  const text = encoder.encode(json);
  const plaintext = new Uint8Array(Math.ceil(text.length / noteUnit) * noteUnit).fill(0x20); // so that the length tells nothing of the title
  plaintext.set(text);
  return sealBox(await notesKey(accountKey), "link", accountID, await linkID(link.secret), plaintext);
}

/**
 * Opens the note of a row, and refuses one that is another link's: the server stores the rows and could mix them up.
 *
 * @param {CryptoKey} accountKey
 * @param {Bytes} accountID
 * @param {Bytes} id the row's link id, 16 bytes
 * @param {Bytes} box
 * @returns {Promise<Note>}
 */
export async function openNote(accountKey, accountID, id, box) {
  return (await noteOpener(accountKey, accountID))(id, box);
}

/**
 * @param {CryptoKey} accountKey
 * @param {Bytes} accountID
 * @returns {Promise<(id: Bytes, box: Bytes) => Promise<Note>>}
 */
export async function noteOpener(accountKey, accountID) {
  const key = await notesKey(accountKey);
  return async (id, box) => {
    const note = readNote(await openBox(key, "link", accountID, id, box));
    const own = await linkID(note.link.secret);
    if (own.length !== id.length || own.some((byte, i) => byte !== id[i])) throw new AccountKeysError("bad_box");
    return note;
  };
}

/**
 * @param {Bytes} plaintext
 * @returns {Note}
 */
function readNote(plaintext) {
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext));
  } catch (cause) {
    throw new AccountKeysError("bad_box", { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AccountKeysError("bad_box");
  /**
   * @param {string} name
   * @param {unknown} absent what an absent member counts as; a member of another type is refused
   * @returns {any}
   */
  const member = (name, absent) => {
    const found = Object.hasOwn(value, name) ? value[name] : absent;
    if (typeof found !== typeof absent) throw new AccountKeysError("bad_box");
    return found;
  };
  const secret = decodeBase64url(member("secret", ""));
  const password = member("password", "");
  const title = member("title", "");
  const revision = member("revision", 1);
  const files = member("files", 0);
  if (secret?.length !== keySize || !isCount(revision) || !isCount(files)) throw new AccountKeysError("bad_box");
  return { link: { password: password !== "", secret }, password, title, revision, ...(Object.hasOwn(value, "files") && { files }) };
}

/** @param {number} number */
const isCount = (number) => Number.isInteger(number) && number >= 0 && number <= 2 ** 50;
