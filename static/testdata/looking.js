/**
 * Sends files whose bytes a test gives, and says what the viewer would do with some.
 */
import { currentAccount } from "../account-store.js";
import { itemsFromFiles, send } from "../send.js";
import { mediaType, viewKind } from "../view/kinds.js";

/**
 * @param {{path: string, bytes: string, type?: string}[]} files bytes: base64, or the address of this site where they are
 * @param {Partial<import("../send.js").SendRequest>} [choices]
 */
export async function sendBytes(files, choices = {}) {
  const account = /** @type {import("../account-store.js").Account} */ (await currentAccount());
  const items = itemsFromFiles(
    await Promise.all(files.map(async ({ path, bytes, type = "" }) => {
      const content = bytes.startsWith("/test/") ? await (await fetch(bytes)).blob() : Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      return { path, file: new File([content], /** @type {string} */ (path.split("/").pop()), { lastModified: Date.UTC(2026, 7, 1, 10, 0, 0), type }) };
    })),
  );
  return send({ items, lifetime: null, maxVisits: null, accountKey: account.accountKey, accountID: account.id, ...choices }, {});
}

/** @param {{name: string, folder?: boolean, type?: string}[]} entries */
export function kinds(entries) {
  return entries.map((entry) => viewKind(entry) ?? "");
}

/** @param {[string, import("../view/kinds.js").ViewKind][]} beginnings base64, and what the name says */
export function mediaTypes(beginnings) {
  return beginnings.map(([bytes, kind]) => mediaType(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)), kind));
}
