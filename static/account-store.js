// Whose account this browser is signed in to, for all its tabs.
//
// Until sign-out the account key lies in IndexedDB as a CryptoKey that can derive keys and never be read.
import { ApiError } from "./api.js";
import { ownName } from "./base.js";
import { inStoreOf } from "./in-store.js";
import { decodeBase64url } from "./sealed/base64url.js";

const inStore = inStoreOf("thorpe", "account", undefined, blocked);

/**
 * @typedef {object} Account
 * @property {string} id base64url, as in the API
 * @property {Uint8Array<ArrayBuffer>} idBytes the same, 16 bytes
 * @property {string} name
 * @property {boolean} operator
 * @property {CryptoKey} accountKey HKDF, not extractable
 */

/** @typedef {{id: string, name: string, operator: boolean}} AccountAnswer */

/**
 * The account whose key this browser holds. That its session is alive too is for the server to say.
 * @returns {Promise<Account | null>}
 */
export async function currentAccount() {
  const kept = await inStore("readonly", (store) => store.get("current"));
  return kept ? { ...kept, idBytes: decodeBase64url(kept.id) } : null;
}

/**
 * Whose name was used last in this browser, for the sign-in form. It outlives sign-out in nobody's browser: signing out forgets it.
 * @returns {Promise<string>} empty if none
 */
export async function lastName() {
  return (await currentAccount())?.name ?? "";
}

/**
 * Keeps the account, with its key as one that cannot be read, and wipes the bytes of the key.
 * @param {AccountAnswer} account
 * @param {Uint8Array<ArrayBuffer>} accountKey
 */
export async function keep(account, accountKey) {
  const { id, name, operator } = account;
  const { importAccountKey } = await import("./accountkeys.js"); // there already, with what made the key
  const kept = { id, name, operator, accountKey: await importAccountKey(accountKey) };
  accountKey.fill(0);
  await inStore("readwrite", (store) => store.put(kept, "current"));
  tellOtherTabs(id);
}

/** Forgets the account and its key, the small pictures of its files, and where files lie that are being sent. */
export async function forget() {
  const [{ forgetAllHandles }, { forgetPictures }, { forgetShared }] = await Promise.all([import("./send-handles.js"), import("./thumbnail-store.js"), import("./share-store.js")]); // all or nothing
  await inStore("readwrite", (store) => store.clear());
  await forgetAllHandles();
  await forgetPictures();
  forgetUploads();
  await forgetShared();
}

/** What is kept of unfinished uploads into the drive (drive/tus-transfer.js) has names of files in it. */
function forgetUploads() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`tus::${ownName("thorpe-drive")}\n`)) localStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing
  }
}

/**
 * Calls back when another tab signs out, or somebody in.
 * @param {(id: string) => void} then given the account's id; empty: nobody is signed in
 */
export function onOtherTab(then) {
  tabs.onmessage = ({ data }) => then(String(data));
}

const tabs = new BroadcastChannel(ownName("thorpe-account")); // one for both ways: it does not hear itself

/**
 * Tells the other tabs whose this browser is now.
 * @param {string} id as onOtherTab gives it
 */
export function tellOtherTabs(id) {
  tabs.postMessage(id);
}

/** @param {unknown} cause */
function blocked(cause) {
  return Object.assign(new ApiError(0, "storage_blocked", "The browser's storage cannot be used."), { cause });
}
