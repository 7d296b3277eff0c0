/**
 * Runs a vector of account keys (docs/format.md, part 3).
 */
import * as keys from "../accountkeys.js";
import { linkID } from "../sealed/keys.js";
import { decodeBase64url, encodeBase64url } from "../sealed/link.js";

/** @param {string} [text] */
const bytes = (text = "") => /** @type {Uint8Array<ArrayBuffer>} */ (decodeBase64url(text));

/** @param {Uint8Array<ArrayBuffer>} raw */
const aes = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/**
 * A derived key cannot be read; it is the right one if it opens what was sealed with the right one.
 *
 * @param {CryptoKey} key
 * @param {string} raw
 */
async function same(key, raw) {
  const account = new Uint8Array(16);
  const box = await keys.sealBox(await aes(bytes(raw)), "wrap", account, new Uint8Array(0), new Uint8Array(3));
  return (await keys.openBox(key, "wrap", account, new Uint8Array(0), box)).length === 3 ? raw : "another key";
}

/** @type {Record<string, (v: any) => Promise<object>>} what a vector of each kind gives */
const kinds = {
  async password(v) {
    const { auth, wrap } = await keys.passwordKeys(v.password ?? "", bytes(v.salt));
    return { auth: encodeBase64url(auth), wrap: await same(wrap, v.expect.wrap) };
  },
  async recovery(v) {
    const { auth, wrap } = await keys.recoveryKeys(bytes(v.recovery_key));
    return { auth: encodeBase64url(auth), wrap: await same(wrap, v.expect.wrap), text: await keys.formatRecoveryKey(bytes(v.recovery_key)) };
  },
  recovery_text: async (v) => ({ key: encodeBase64url(await keys.parseRecoveryKey(v.text)) }),
  async account(v) {
    const accountKey = await keys.importAccountKey(bytes(v.account_key));
    if (accountKey.extractable) throw new Error("the account key can be read");
    return { notes: await same(await keys.notesKey(accountKey), v.expect.notes), uploads: await same(await keys.uploadsKey(accountKey), v.expect.uploads) };
  },
  async box(v) {
    const plaintext = await keys.openBox(await aes(bytes(v.key)), v.purpose, bytes(v.account), bytes(v.item), bytes(v.box));
    return { plaintext: encodeBase64url(plaintext) };
  },
  async note(v) {
    const accountKey = await keys.importAccountKey(bytes(v.account_key));
    const note = await keys.openNote(accountKey, bytes(v.account), bytes(v.link_id), bytes(v.box));
    const { link, password, title, revision, files } = note;
    const own = await linkID(link.secret); // not the row's: an opener that takes another link's note must not be saved by this check
    const again = await keys.openNote(accountKey, bytes(v.account), own, await keys.sealNote(accountKey, bytes(v.account), note));
    if (JSON.stringify(again) !== JSON.stringify(note)) throw new Error("sealed anew, it is another note");
    return { note: { secret: encodeBase64url(link.secret), ...(password && { password }), ...(title && { title }), revision, ...(files !== undefined && { files }) } };
  },
};

/**
 * @param {string} name
 * @returns {Promise<{want: object, got: object}>}
 */
export async function vector(name) {
  const v = await (await fetch(`/vectors/accounts/${name}`)).json();
  try {
    return { want: v.expect, got: await kinds[v.kind](v) };
  } catch (error) {
    return { want: v.expect, got: { error: /** @type {any} */ (error).code ?? String(error) } };
  }
}
