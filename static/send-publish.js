/**
 * The last step of a send: seals manifest and note, and publishes the link.
 *
 * publish(plan, upload, account, {onState?, signal?}) -> Promise<Made>     upload: the id of a finished one
 */
import { sealNote } from "./accountkeys.js";
import { api, ApiError } from "./api.js";
import { at } from "./base.js";
import { patiently } from "./patience.js";
import { accessToken, linkID, linkRoot, sha256 } from "./sealed/keys.js";
import { decodeBase64url, encodeBase64url, formatLink } from "./sealed/link.js";
import { sealManifest } from "./sealed/manifest.js";
import { manifestOf, ownTitle, renamedIn } from "./send-request.js";

/** @typedef {{id: string, link: string, renamed: {from: string, to: string}[], expires: Date | null}} Made */

/**
 * For as long as what is in the way may pass, it tries again. Where the answer is lost, it asks again too, and so does the browser by itself: the id comes from a secret
 * that nobody else has, so that "taken" means that an earlier time was enough.
 *
 * @param {import("./send-request.js").Plan} plan
 * @param {string} upload
 * @param {{accountKey: CryptoKey, accountID: string}} account
 * @param {{onState?: (state: import("./send.js").SendState) => void, signal?: AbortSignal}} options
 * @returns {Promise<Made>}
 */
export async function publish(plan, upload, { accountKey, accountID }, { onState, signal }) {
  onState?.("publishing");
  const { link, password, lifetime, maxVisits } = plan;
  const owner = decodeBase64url(accountID);
  if (!owner) throw new TypeError("publishing: no account id");
  const manifest = manifestOf(plan);
  const root = await linkRoot(link, link.password ? password : undefined);
  const id = encodeBase64url(await linkID(link.secret));
  const tokenHash = await sha256(await accessToken(root));
  const note = await sealNote(accountKey, owner, { link, password, title: ownTitle(plan), revision: manifest.revision, files: manifest.files.length });
  const terms = { id, token_hash: encodeBase64url(tokenHash), upload, note: encodeBase64url(note), max_visits: maxVisits };
  const sealed = new Blob([await sealManifest(root, manifest)], { type: "application/octet-stream" });

  async function attempt() {
    onState?.("publishing");
    const expires = lifetime === null ? null : new Date(Math.floor((Date.now() + lifetime) / 1000) * 1000);
    const form = new FormData();
    form.append("link", json({ ...terms, expires: expires?.toISOString().replace(".000Z", "Z") ?? null }));
    form.append("manifest", sealed);
    try {
      await api("POST", "/api/links", form, { signal });
      return expires;
    } catch (error) {
      if (error instanceof ApiError && error.code === "id_taken") return expires && ((await expiryOf(id)) ?? expires);
      throw error;
    }
  }
  const expires = await patiently(attempt, { signal, waiting: () => onState?.("waiting") });
  return { id, link: `${location.origin}${at("/s/")}#${formatLink(link)}`, renamed: renamedIn(plan), expires };
}

/** @param {object} value */
const json = (value) => new Blob([JSON.stringify(value)], { type: "application/json" });

/**
 * @param {string} id
 * @returns {Promise<Date | null>} the date an earlier attempt gave the link; null where the server does not tell
 */
async function expiryOf(id) {
  try {
    const { links } = await api("GET", "/api/links");
    const { expires } = links.find((/** @type {{id: string}} */ row) => row.id === id);
    return new Date(expires);
  } catch {
    return null;
  }
}
