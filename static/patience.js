/**
 * Asks again, for as long as what is in the way may pass: hours of uploading can hang on one small call.
 *
 * patiently(call, {signal?, waiting?}) -> Promise<T>      waiting: told each time it waits; rejects with what does not pass by itself, or the signal's reason
 */
import { ApiError, mayPass } from "./api.js";
import { pause as wait } from "./resume.js";

/** Seconds between two attempts, at most, unless the server asks for more. */
const longest = 15;

/**
 * @template T
 * @param {() => Promise<T>} call
 * @param {{signal?: AbortSignal, waiting?: () => void}} [options]
 * @returns {Promise<T>}
 */
export async function patiently(call, { signal, waiting } = {}) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (signal?.aborted || !mayPass(error)) throw error;
      waiting?.();
      const asked = error instanceof ApiError ? (error.retryAfter ?? 0) : 0;
      await wait(Math.max(Math.min(longest, 2 ** attempt), asked) * 1000, signal);
    }
  }
}
