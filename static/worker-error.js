/**
 * Errors on their way from a worker to its page: structured cloning would drop their class and code.
 *
 * packError(error) -> Packed         unpackError(packed) -> Error      SealedError, SendError, ApiError and an abort come out as what they were
 * Unpacking "not_signed_in" fires SIGNED_OUT on the page, which does not hear what a worker fires.
 */
import { ApiError, SIGNED_OUT } from "./api.js";
import { SealedError } from "./sealed/errors.js";
import { SendError } from "./send-error.js";

/** @typedef {{name: string, message: string, code: string, status: number, retryAfter: number | null, reason: string | null, path: string}} Packed */

/**
 * @param {unknown} error
 * @returns {Packed}
 */
export function packError(error) {
  const { name, message, code, status, retryAfter, reason, path } = /** @type {any} */ (error instanceof Error || error instanceof DOMException ? error : new Error(String(error)));
  return { name, message, code: String(code ?? ""), status: status ?? 0, retryAfter: retryAfter ?? null, reason: reason ?? null, path: path ?? "" };
}

/**
 * @param {Packed} packed
 * @returns {Error}
 */
export function unpackError({ name, message, code, status, retryAfter, reason, path }) {
  switch (name) {
    case "SealedError":
      return new SealedError(code);
    case "SendError":
      return new SendError(code, path);
    case "ApiError":
      if (code === "not_signed_in") globalThis.dispatchEvent(new Event(SIGNED_OUT));
      return new ApiError(status, code, message, retryAfter, reason);
    case "AbortError":
      return new DOMException(message, "AbortError");
    default:
      return new Error(message);
  }
}
