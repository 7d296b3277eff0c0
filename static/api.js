// The JSON API, docs/api.md. One function, one error; nothing else in the pages calls fetch for it.
import { at } from "./base.js";
import { accountHeader } from "./whose.js";

/** A call that failed: by an answer of the server, or (status 0, code "no_connection") without one. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 if no answer came
   * @param {string} code for programs, docs/api.md
   * @param {string} message the server's safe sentence, English
   * @param {number | null} [retryAfter] seconds to wait, with code "slow_down"
   * @param {string | null} [reason] why a link is gone
   */
  constructor(status, code, message, retryAfter = null, reason = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }
}

/**
 * The name of the event, on window or a worker's global scope, that tells that a call was answered "not signed in": the session ended, here or elsewhere.
 */
export const SIGNED_OUT = "thorpe-signed-out";

/** Its counterpart, on window: the same account signed in again, in another tab. */
export const SIGNED_IN = "thorpe-signed-in";

/**
 * Calls the API with the session's cookie and gives what it answers.
 * @template [T=any]
 * @param {string} method
 * @param {string} path such as "/api/session"
 * @param {object | FormData} [body] an object is sent as JSON, form data as it is
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<T>} the parsed JSON; null for an empty answer
 * @throws {ApiError} for every failure but an abort
 */
export async function api(method, path, body, { signal } = {}) {
  /** @type {RequestInit} */
  const request = { method, signal, credentials: "same-origin", redirect: "error", cache: "no-store", headers: { Accept: "application/json", ...accountHeader() } };
  if (body instanceof FormData) {
    request.body = body;
  } else if (body !== undefined) {
    request.body = JSON.stringify(body);
    request.headers = { ...request.headers, "Content-Type": "application/json" };
  }
  let answer;
  try {
    answer = await fetch(at(path), request);
  } catch (err) {
    if (signal?.aborted) throw err;
    throw new ApiError(0, "no_connection", "No answer from the server.");
  }
  if (!answer.ok) throw await failure(answer);
  if (answer.status === 204 || answer.headers.get("Content-Length") === "0") return /** @type {T} */ (null);
  return answer.json();
}

/**
 * The error of an answer of 400 or above; for callers that need a fetch of their own.
 * @param {Response} answer its body is read
 * @returns {Promise<ApiError>}
 */
export async function failure(answer) {
  /** @type {{code?: unknown, message?: unknown, reason?: unknown}} */
  let said = {};
  try {
    said = await answer.json() ?? {};
  } catch {
    // Not from the API, such as a proxy's page: the status has to do.
  }
  const code = typeof said.code === "string" ? said.code : codeOf(answer.status);
  const seconds = Number.parseInt(answer.headers.get("Retry-After") ?? "", 10);
  if (code === "not_signed_in") globalThis.dispatchEvent(new Event(SIGNED_OUT));
  return new ApiError(
    answer.status, code, typeof said.message === "string" ? said.message : "",
    Number.isFinite(seconds) ? seconds : null, typeof said.reason === "string" ? said.reason : null,
  );
}

/**
 * Whether making a call again can help: the network failed, or the server is busy, held up by another, or starting anew. A full disk (507) does not pass by itself.
 * @param {unknown} error of api(), failure() or fetch
 * @returns {boolean}
 */
export function mayPass(error) {
  if (error instanceof ApiError) {
    const { status } = error;
    return error.code === "no_connection" || status === 408 || status === 423 || status === 429 || (status >= 500 && status !== 507);
  }
  return error instanceof TypeError || (error instanceof DOMException && (error.name === "NetworkError" || error.name === "TimeoutError"));
}

/** @param {number} status */
function codeOf(status) {
  switch (status) {
  case 401: return "not_signed_in";
  case 404: return "not_found";
  case 413: return "too_large";
  case 429: return "slow_down";
  case 502: case 503: case 504: return "no_connection";
  default: return "internal";
  }
}
