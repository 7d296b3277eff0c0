/**
 * Calls of the API that answer one JSON object a line, as they find or do something (docs/api.md). The last line has `end`: an answer without it broke off.
 *
 *   for await (const lines of jsonLines("GET", path)) ...     some lines at once, the last one with the others
 */
import { ApiError, failure } from "./api.js";
import { at } from "./base.js";
import { accountHeader } from "./whose.js";

/**
 * @param {string} method
 * @param {string} path
 * @param {{body?: object, signal?: AbortSignal}} [options]
 * @returns {AsyncGenerator<any[]>}
 * @throws {ApiError} also where it broke off; an abort is thrown as it is
 */
export async function* jsonLines(method, path, { body, signal } = {}) {
  const broken = (/** @type {unknown} */ error) => (signal?.aborted ? error : new ApiError(0, "no_connection", "The answer broke off."));
  const headers = { ...accountHeader(), ...(body && { "Content-Type": "application/json" }) };
  const answer = await fetch(at(path), { method, headers, body: body && JSON.stringify(body), signal, credentials: "same-origin", redirect: "error", cache: "no-store" })
    .catch((error) => {
      throw broken(error);
    });
  if (!answer.ok) throw await failure(answer);
  if (!answer.body) throw broken(null);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw broken(error);
    });
    if (done) throw broken(null);
    const lines = (rest + value).split("\n");
    rest = /** @type {string} */ (lines.pop());
    const read = lines.map((line) => JSON.parse(line));
    if (read.length > 0) yield read;
    if (read.at(-1)?.end) return;
  }
}
