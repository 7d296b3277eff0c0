/**
 * The id of a link that somebody pasted: it is derived here, so that the key that stands in the link goes nowhere.
 *
 * idOfPasted(text) -> Promise<string | null>      base64url; null where the text holds neither a fragment nor an id
 *   throws SealedError link_*, unknown_* for a fragment that is not whole
 * A text that is not null here must be looked up by what this gives, and never be sent itself.
 */
import { fragmentFrom } from "./open.js";
import { linkID } from "./sealed/keys.js";
import { decodeBase64url, encodeBase64url, parseLink } from "./sealed/link.js";

/**
 * @param {string} text a link, its fragment, or its id
 * @returns {Promise<string | null>}
 */
export async function idOfPasted(text) {
  const typed = text.trim();
  const marked = /#|%23|:|\//u.test(typed); // an address, whole or not
  if (!marked && decodeBase64url(typed)?.length === 16) return typed;
  // What has the letters of a fragment and is longer than a name is taken for one that was cut off.
  if (!marked && !/^[A-Za-z0-9_-]{33,}$/u.test(typed)) return null;
  const fragment = fragmentFrom(typed);
  if (fragment === "") return null;
  return encodeBase64url(await linkID(parseLink(fragment).secret));
}
