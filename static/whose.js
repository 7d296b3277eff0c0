/**
 * Whose page this is. Another tab may have signed out and somebody else in since, under the same cookie: requests that say for whom they are meant
 * are refused then, and nothing of one account's gets into another's.
 */

/**
 * @returns {Record<string, string>} the header that says for which account a request is meant; none on a page, or in a worker, that is nobody's
 */
export function accountHeader() {
  const id = /** @type {any} */ (globalThis).document?.body?.dataset.account;
  return id ? { "Thorpe-Account": id } : {};
}
