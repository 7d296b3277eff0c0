/**
 * A stream that goes on where the line dropped, and that a person can hold.
 *
 * resuming(open, start, end, {signal?, hold?, onState?}) -> ReadableStream of the bytes [start, end)
 *   open(position, signal) -> Promise<ReadableStream>: the bytes from position to end; asked again, with a later position, when what it gave broke off
 *   hold       while it is paused, nothing is asked for, and the request under way is ended
 *   onState    "waiting": the line is gone or the server busy, and it is tried again; "running": bytes come
 * holder() -> Hold {paused, pause(), resume()}
 *
 * What may pass (mayPass of api.js; also 60 s of silence) is tried again, at longer and longer intervals, and at once when the browser says that it is online again.
 * All other errors, and so whatever does not authenticate, end the stream at once.
 */
import { ApiError, mayPass } from "./api.js";

/** Seconds to wait before each attempt that follows one without a byte. */
const delays = [0, 1, 2, 4, 8, 15, 30, 30, 30, 60, 60, 60];
const silence = 60_000;

/** @typedef {EventTarget & {readonly paused: boolean, pause: () => void, resume: () => void}} Hold tells "change" */
/** @typedef {{hold?: Hold, onState?: (state: "waiting" | "running") => void}} Line */

/** @returns {Hold} */
export function holder() {
  let paused = false;
  /** @param {boolean} to */
  const turn = (to) => {
    paused = to;
    hold.dispatchEvent(new Event("change"));
  };
  const hold = Object.defineProperties(new EventTarget(), {
    paused: { get: () => paused },
    pause: { value: () => turn(true) },
    resume: { value: () => turn(false) },
  });
  return /** @type {Hold} */ (hold);
}

/**
 * @param {(position: number, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>} open
 * @param {number} start
 * @param {number} end
 * @param {Line & {signal?: AbortSignal}} [options]
 * @returns {ReadableStream<Uint8Array>}
 */
export function resuming(open, start, end, { signal, hold, onState } = {}) {
  const stopped = new AbortController();
  const stop = () => stopped.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop);
  hold?.addEventListener("change", held);
  let position = start;
  let attempt = 0;
  let waiting = false;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | null} */
  let reader = null;
  /** Ends the one request under way. */
  let request = new AbortController();

  function held() {
    if (!hold?.paused) return;
    reader = null;
    request.abort(); // a read that waits for a byte fails, and the next waits for the hold
  }

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  async function pull(controller) {
    for (;;) {
      if (hold?.paused) await changed(hold, stopped.signal);
      if (hold?.paused) continue;
      const mine = reader ? request : new AbortController();
      try {
        if (!reader) {
          request = mine;
          const stream = await noSilence(open(position, AbortSignal.any([stopped.signal, mine.signal])), mine);
          if (mine.signal.aborted) throw mine.signal.reason;
          reader = stream.getReader();
        }
        const { done, value } = await noSilence(reader.read(), mine);
        if (value) {
          position += value.length;
          attempt = 0;
          if (waiting) onState?.("running");
          waiting = false;
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
        if (mine.signal.aborted && !isSilence(error)) continue; // it was held, and may go on again by now
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
        if (!waiting) {
          waiting = true;
          onState?.("waiting");
        }
        await pause(wait * 1000, stopped.signal);
      }
    }
  }

  function finish() {
    signal?.removeEventListener("abort", stop);
    hold?.removeEventListener("change", held);
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

/** @param {unknown} error */
const isSilence = (error) => error instanceof DOMException && error.name === "TimeoutError";

/**
 * @param {Hold} hold
 * @param {AbortSignal} signal
 * @returns {Promise<void>} until it is paused or goes on
 */
function changed(hold, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      hold.removeEventListener("change", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    if (signal.aborted) return reject(signal.reason);
    hold.addEventListener("change", end);
    signal.addEventListener("abort", end);
  });
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
