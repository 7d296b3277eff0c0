// The account on this browser's side: everything that knows a password or makes keys. What the server gets of them stands in docs/api.md, how
// they are made in docs/format.md, part 2; what stays in this browser is for account-store.js.
import { forget, keep, tellOtherTabs } from "./account-store.js";
import * as keys from "./accountkeys.js";
import { ApiError, api } from "./api.js";
import { decodeBase64url, encodeBase64url } from "./sealed.js";

/** @typedef {import("./account-store.js").AccountAnswer} AccountAnswer */

/**
 * What a setup or invite token is good for.
 * @param {string} token
 * @returns {Promise<{operator: boolean, name: string}>} an empty name lets the guest choose
 * @throws {ApiError} bad_token, or bad_request for what is no token at all
 */
export function invitation(token) {
  return api("POST", "/api/invitation", { token });
}

/**
 * Makes an account and all its keys, and signs in.
 * @param {{token: string, name: string, password: string}} wanted
 * @returns {Promise<string>} the recovery key as text, to be shown once
 * @throws {ApiError} bad_token, name_taken, bad_name; SealedError password_*
 */
export async function createAccount({ token, name, password }) {
  const id = keys.newAccountID();
  const accountKey = keys.newKey();
  const made = await passwordParts(password, id, accountKey);
  const recovery = await recoveryParts(id, accountKey);
  const account = await committed(name, made.auth, () => api("POST", "/api/accounts", {
    token, name, id: encodeBase64url(id), ...made, recovery_auth: recovery.auth, recovery: recovery.box,
  }));
  if (account.id !== encodeBase64url(id)) throw new ApiError(0, "internal", "The server named another account.");
  await keepIfPossible(account, accountKey);
  return recovery.text;
}

/**
 * @param {string} name
 * @param {string} password
 * @throws {ApiError} wrong_password, slow_down, box_damaged; SealedError password_*
 */
export async function signIn(name, password) {
  const { salt } = await api("POST", "/api/salt", { name });
  const derived = await keys.passwordKeys(password, bytesOf(salt));
  /** @type {{account: AccountAnswer, wrap: string}} */
  const { account, wrap } = await api("POST", "/api/session", { name, auth: encodeBase64url(derived.auth) });
  await keep(account, await open(derived.wrap, "wrap", account.id, wrap, "box_damaged"));
}

/**
 * Gets the account key back into this browser where the session is alive and only the key is missing.
 * @param {string} password
 * @throws {ApiError} wrong_password; SealedError password_*
 */
export async function unlock(password) {
  const { account, accountKey } = await openBox(password);
  await keep(account, accountKey);
}

/**
 * Shows the server once more that this is the account's owner. It holds for ten minutes.
 * @param {string} password
 * @throws {ApiError} wrong_password, slow_down; SealedError password_*
 */
export async function prove(password) {
  const { salt } = await api("GET", "/api/session");
  const { auth } = await keys.passwordKeys(password, bytesOf(salt));
  await api("POST", "/api/proof", { auth: encodeBase64url(auth) });
}

/**
 * Seals the account key under a new password. All other sessions end; app passwords and the recovery key stay.
 * @param {string} old
 * @param {string} password
 * @throws {ApiError} wrong_password, slow_down; SealedError password_*
 */
export async function changePassword(old, password) {
  const { account, accountKey, auth } = await openBox(old);
  const made = await passwordParts(password, bytesOf(account.id), accountKey);
  await api("PUT", "/api/password", { auth, salt: made.salt, new_auth: made.auth, wrap: made.wrap });
}

/**
 * Makes a new recovery key in place of the old one, which is worth nothing from then on.
 * @param {string} password
 * @returns {Promise<string>} as text, to be shown once
 * @throws {ApiError} wrong_password, slow_down; SealedError password_*
 */
export async function changeRecoveryKey(password) {
  const { account, accountKey, auth } = await openBox(password);
  const recovery = await recoveryParts(bytesOf(account.id), accountKey);
  // The same request again changes nothing more, so a lost answer is asked for until it comes: a key that counts must be shown.
  await patiently(() => api("PUT", "/api/recovery-key", { auth, recovery_auth: recovery.auth, recovery: recovery.box }));
  return recovery.text;
}

/**
 * Gets back in with the recovery key: sets a new password and a new recovery key, and signs in. All sessions and app passwords end.
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} recoveryKey
 * @param {string} password the new one
 * @returns {Promise<string>} the new recovery key as text, to be shown once
 * @throws {ApiError} wrong_recovery_key, slow_down, box_damaged; SealedError password_*
 */
export async function recover(name, recoveryKey, password) {
  const old = await keys.recoveryKeys(recoveryKey);
  const oldAuth = encodeBase64url(old.auth);
  /** @type {{account: AccountAnswer, recovery: string}} */
  const found = await api("POST", "/api/recovery", { name, recovery_auth: oldAuth });
  const accountKey = await open(old.wrap, "recovery", found.account.id, found.recovery, "box_damaged");
  const id = bytesOf(found.account.id);
  const made = await passwordParts(password, id, accountKey);
  const recovery = await recoveryParts(id, accountKey);
  const account = await committed(name, made.auth, () => api("PUT", "/api/recovery", {
    name, recovery_auth: oldAuth, ...made, new_recovery_auth: recovery.auth, new_recovery: recovery.box,
  }));
  if (account.id !== found.account.id) throw new ApiError(0, "internal", "The server named another account.");
  await keepIfPossible(account, accountKey);
  return recovery.text;
}

/**
 * Ends the session and forgets the account key. The key goes also where the server cannot be reached; then the error is thrown.
 * @throws {ApiError}
 */
export async function signOut() {
  await forget();
  try {
    await api("DELETE", "/api/session");
  } catch (err) {
    if (!(err instanceof ApiError) || err.code !== "not_signed_in") throw err;
  } finally {
    tellOtherTabs(""); // not before: they would find the session still alive
  }
}

/**
 * Does what makes an account's keys count. Where the answer is lost, signing in tells whether it was done: keys that count must not be lost with it.
 * @param {string} name
 * @param {string} auth the auth key that then signs in
 * @param {() => Promise<{account: AccountAnswer}>} change
 * @returns {Promise<AccountAnswer>}
 */
async function committed(name, auth, change) {
  try {
    return (await change()).account;
  } catch (err) {
    if (!isLost(err)) throw err;
    try {
      return (await patiently(() => api("POST", "/api/session", { name, auth }))).account;
    } catch {
      throw err;
    }
  }
}

/**
 * Does what can be done again without harm until an answer comes, for about half a minute.
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function patiently(ask) {
  for (let wait = 500; ; wait *= 2) {
    try {
      return await ask();
    } catch (err) {
      if (!isLost(err) || wait > 16_000) throw err;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** @param {unknown} err */
function isLost(err) {
  return err instanceof ApiError && (err.code === "no_connection" || err.status >= 500);
}

/**
 * Keeps the account key where the browser lets it; where it does not, the account is there all the same, and its recovery key is shown.
 * @param {AccountAnswer} account
 * @param {Uint8Array<ArrayBuffer>} accountKey
 */
async function keepIfPossible(account, accountKey) {
  try {
    await keep(account, accountKey);
  } catch {
    // The drive's page asks for the password, and says that storage is blocked.
  }
}

/**
 * What the server stores for a password.
 * @param {string} password
 * @param {Uint8Array<ArrayBuffer>} id
 * @param {Uint8Array<ArrayBuffer>} accountKey
 * @returns {Promise<{salt: string, auth: string, wrap: string}>}
 */
async function passwordParts(password, id, accountKey) {
  const salt = keys.newSalt();
  const { auth, wrap } = await keys.passwordKeys(password, salt);
  const box = await keys.sealAccountKey(wrap, "wrap", id, accountKey);
  return { salt: encodeBase64url(salt), auth: encodeBase64url(auth), wrap: encodeBase64url(box) };
}

/**
 * A new recovery key, and what the server stores for it.
 * @param {Uint8Array<ArrayBuffer>} id
 * @param {Uint8Array<ArrayBuffer>} accountKey
 * @returns {Promise<{text: string, auth: string, box: string}>}
 */
async function recoveryParts(id, accountKey) {
  const recoveryKey = keys.newKey();
  const { auth, wrap } = await keys.recoveryKeys(recoveryKey);
  const box = await keys.sealAccountKey(wrap, "recovery", id, accountKey);
  return { text: await keys.formatRecoveryKey(recoveryKey), auth: encodeBase64url(auth), box: encodeBase64url(box) };
}

/**
 * The account key of the session's account, by its password.
 * @param {string} password
 * @returns {Promise<{account: AccountAnswer, accountKey: Uint8Array<ArrayBuffer>, auth: string}>}
 */
async function openBox(password) {
  /** @type {{account: AccountAnswer, salt: string, wrap: string}} */
  const { account, salt, wrap } = await api("GET", "/api/session");
  const derived = await keys.passwordKeys(password, bytesOf(salt));
  const accountKey = await open(derived.wrap, "wrap", account.id, wrap, "wrong_password");
  return { account, accountKey, auth: encodeBase64url(derived.auth) };
}

/**
 * @param {CryptoKey} key
 * @param {"wrap" | "recovery"} purpose
 * @param {string} id
 * @param {string} box
 * @param {"wrong_password" | "box_damaged"} failure what it means when the box does not open
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function open(key, purpose, id, box, failure) {
  try {
    return await keys.openAccountKey(key, purpose, bytesOf(id), bytesOf(box));
  } catch (err) {
    throw Object.assign(new ApiError(403, failure, "The box of the account key does not open."), { cause: err });
  }
}

/**
 * @param {string} text a binary value of the API
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(text) {
  const bytes = decodeBase64url(text);
  if (!bytes) throw new ApiError(0, "internal", "The server's answer holds what is not base64url.");
  return bytes;
}
