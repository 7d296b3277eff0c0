/**
 * The content of an opened link: sealed bytes fetched from the server, opened, and handed out by range. Works in pages and in workers.
 *
 * contentReader(content, line?) -> {read(start, end, signal?) -> ReadableStream}      plaintext [start, end); goes on at the next chunk where the line dropped
 *   the stream fails with SealedError (bad_tag, cut_off, too_long), or ApiError (410 gone with reason, 403 wrong_token, ...)
 */
import { ApiError, failure } from "./api.js";
import { at } from "./base.js";
import { resuming } from "./resume.js";
import { SealedError } from "./sealed/errors.js";
import { openStream } from "./sealed/reader.js";
import { sealedRange, sealedSize } from "./sealed/stream.js";

/**
 * @typedef {object} Content
 * @property {string} id link id, base64url
 * @property {string} token access token, base64url
 * @property {string} ticket base64url
 * @property {CryptoKey} key the content key
 * @property {number} size plaintext bytes, files and padding together, as the manifest says
 */

/**
 * @param {Content} content
 * @param {import("./resume.js").Line} [line]
 */
export function contentReader(content, line) {
  const { key, size } = content;
  return {
    /**
     * @param {number} start
     * @param {number} end
     * @param {AbortSignal} [signal]
     * @returns {ReadableStream<Uint8Array>}
     */
    read(start, end, signal) {
      return resuming(
        async (position, stop) => {
          const body = await fetchRange(content, sealedRange(size, position, end), stop);
          return openStream(body, key, size, position, end);
        },
        start,
        end,
        { ...line, signal },
      );
    },
  };
}

/**
 * @param {Content} content
 * @param {{start: number, end: number}} range
 * @param {AbortSignal} signal
 * @returns {Promise<ReadableStream<Uint8Array>>}
 */
async function fetchRange({ id, token, ticket, size }, range, signal) {
  const whole = sealedSize(size);
  /** @type {Record<string, string>} */
  const headers = { Authorization: `Bearer ${token}`, "Thorpe-Ticket": ticket };
  const partial = range.start !== 0 || range.end !== whole;
  if (partial) headers.Range = `bytes=${range.start}-${range.end - 1}`;
  const answer = await fetch(at(`/api/links/${id}/content`), { headers, signal, credentials: "omit", redirect: "error", cache: "no-store" });
  if (answer.status === 416) throw new SealedError("cut_off");
  if (!answer.ok) throw await failure(answer);
  const has = partial ? totalOf(answer.headers.get("Content-Range"), range) : Number(answer.headers.get("Content-Length") ?? whole);
  // How long the content is comes from the manifest; what the server says can only show that it holds something else.
  if (has !== whole) throw new SealedError(has < whole ? "cut_off" : "too_long");
  if (answer.status !== (partial ? 206 : 200) || !answer.body) throw new ApiError(answer.status, "internal", "");
  return answer.body;
}

/**
 * @param {string | null} header Content-Range
 * @param {{start: number, end: number}} range
 * @returns {number} the whole length that it names
 */
function totalOf(header, range) {
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? "");
  if (!match) throw new ApiError(206, "internal", "");
  const [start, last, total] = match.slice(1).map(Number);
  if (start !== range.start) throw new ApiError(206, "internal", "");
  if (last + 1 !== range.end && total >= range.end) throw new ApiError(206, "internal", "");
  return total;
}
