/**
 * A stream that goes on where the line dropped.
 *
 * resuming(open, start, end, signal?) -> ReadableStream of the bytes [start, end)
 *   open(position, signal) -> Promise<ReadableStream>: the bytes from position to end; asked again, with a later position, when what it gave broke off
 *
 * What may pass (mayPass of api.js; also 60 s of silence) is tried again, at longer and longer intervals, and at once when the browser says that it is online again. All other errors, and so whatever does not authenticate, end the stream at once.
 */
import { ApiError, mayPass } from "./api.js";

/** Seconds to wait before each attempt that follows one without a byte. */
const delays = [0, 1, 2, 4, 8, 15, 30, 30, 30, 60, 60, 60];
const silence = 60_000;

/**
 * @param {(position: number, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>} open
 * @param {number} start
 * @param {number} end
 * @param {AbortSignal} [signal]
 * @returns {ReadableStream<Uint8Array>}
 */
export function resuming(open, start, end, signal) {
  const stopped = new AbortController();
  const stop = () => stopped.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  let position = start;
  let attempt = 0;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | null} */
  let reader = null;
  /** Ends the one request under way. */
  let request = new AbortController();

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  async function pull(controller) {
    for (;;) {
      try {
        if (!reader) {
          request = new AbortController();
          reader = (await noSilence(open(position, AbortSignal.any([stopped.signal, request.signal])), request)).getReader();
        }
        const { done, value } = await noSilence(reader.read(), request);
        if (value) {
          position += value.length;
          attempt = 0;
          controller.enqueue(value);
          return;
        }
        if (done && position === end) {
          finish();
          controller.close();
          return;
        }
        throw new TypeError("the answer ended early");
      } catch (error) {
        stopped.signal.throwIfAborted();
        reader = null;
        request.abort();
        if (!mayPass(error)) {
          finish();
          throw error;
        }
        if (position === end) {
          finish();
          controller.close(); // all bytes came; only the end of the answer did not
          return;
        }
        if (attempt >= delays.length) {
          finish();
          throw error instanceof ApiError ? error : new ApiError(0, "no_connection", "No answer from the server.");
        }
        const wait = Math.max(delays[attempt], error instanceof ApiError ? error.retryAfter ?? 0 : 0);
        attempt++;
        await pause(wait * 1000, stopped.signal);
      }
    }
  }

  function finish() {
    signal?.removeEventListener("abort", stop);
  }

  return new ReadableStream(
    {
      pull,
      cancel(reason) {
        finish();
        stopped.abort(reason);
        reader?.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortController} request aborted where nothing comes for too long
 * @returns {Promise<T>}
 */
function noSilence(promise, request) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const error = new DOMException("no byte for a minute", "TimeoutError");
      reject(error);
      request.abort(error);
    }, silence);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/**
 * Waits, at most until the browser is online again.
 *
 * @param {number} ms
 * @param {AbortSignal} [signal] ends it, with the signal's reason
 * @returns {Promise<void>}
 */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", aborted);
      resolve();
    };
    const aborted = () => {
      reject(signal?.reason);
      done();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal?.addEventListener("abort", aborted);
  });
}
