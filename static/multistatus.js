/**
 * Reads the answer to a PROPFIND (RFC 4918, 9.1) while it arrives, in slices: a folder of 10,000 entries is 4 MB of XML, and no task of the page may take long. It reads what
 * this server writes and nothing else: element names begin with "D:", hrefs are paths with all but the unreserved characters escaped.
 *
 * readMultistatus(body, prefix, seen?) -> Promise<Entry[]>     in the server's order; fails where the answer is another or ends early
 */
import { ApiError } from "./api.js";
import { pacer } from "./pause.js";

/** @typedef {import("./source.js").Entry} Entry */

const end = "</D:response>";

/**
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @param {string} prefix  that the hrefs begin with, such as "/files/"
 * @param {(count: number) => void} [seen]  how many were read so far
 * @returns {Promise<Entry[]>}
 */
export async function readMultistatus(body, prefix, seen) {
  const reader = body.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  const rest = pacer();
  /** @type {Entry[]} */
  const entries = [];
  let text = "";
  let begun = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
    if (!begun) {
      const root = text.indexOf("<D:multistatus");
      if (root < 0) {
        if (text.length > 1024) break;
        continue;
      }
      begun = true;
    }
    let at = 0;
    for (let to = text.indexOf(end); to >= 0; to = text.indexOf(end, at)) {
      entries.push(entryOf(text.slice(at, to), prefix));
      at = to + end.length;
      if (rest.due()) {
        seen?.(entries.length);
        await rest.take();
      }
    }
    text = text.slice(at);
  }
  if (!begun || text !== "</D:multistatus>") throw new ApiError(207, "internal", "");
  return entries;
}

/**
 * @param {string} response  what stands in one
 * @param {string} prefix
 * @returns {Entry}
 */
function entryOf(response, prefix) {
  const href = textOf(response, "href");
  if (!href.startsWith(prefix)) throw new ApiError(207, "internal", "");
  const path = decodeURIComponent(href.slice(prefix.length, href.endsWith("/") ? -1 : undefined)); // a name has no slash, so no escape stands for one
  const folder = response.includes("<D:collection/>");
  const modified = new Date(textOf(response, "getlastmodified"));
  return {
    path,
    name: path.slice(path.lastIndexOf("/") + 1),
    folder,
    size: folder ? 0 : Number(textOf(response, "getcontentlength") || 0),
    modified: Number.isNaN(modified.getTime()) ? null : modified,
    type: folder ? "" : textOf(response, "getcontenttype").replace(/;.*/, ""),
    ...(folder ? {} : { etag: textOf(response, "getetag") }),
  };
}

/**
 * @param {string} response
 * @param {string} name
 * @returns {string} "" where it is not there
 */
function textOf(response, name) {
  const tag = `<D:${name}>`;
  const from = response.indexOf(tag);
  if (from < 0) return "";
  const text = response.slice(from + tag.length, response.indexOf("</", from));
  return text.includes("&") ? text.replace(/&(?:quot|#34|#x22);/gu, '"').replace(/&lt;/gu, "<").replace(/&gt;/gu, ">").replace(/&amp;/gu, "&") : text;
}
