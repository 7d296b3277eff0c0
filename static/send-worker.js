/**
 * The worker of send.js: seals a link's content and uploads it (tus 1.0), from where the upload stands. It holds the content key, which cannot be read from it, and never
 * the link's secret.
 *
 * In:  {type: "start", upload, key, files, padding}, once; {type: "pause"}, {type: "resume"}, {type: "abort"}
 * Out: {type: "progress", sent, total}, {type: "state", state}, {type: "done"}, {type: "aborted"}, {type: "error", error}
 */
import { ApiError, mayPass } from "./api.js";
import { at } from "./base.js";
import { pause as wait } from "./resume.js";
import { chunkSize, sealedChunkSize } from "./sealed/stream.js";
import { contentOf, sealedBatches } from "./send-content.js";
import { packError } from "./worker-error.js";
import { Upload } from "./vendor/tus.js";

/** Bytes of one PATCH: 8 MiB of chunks. The server keeps whole chunks of a PATCH that broke off. */
const batch = 32 * sealedChunkSize;
/** Milliseconds; after the last of them it waits to be online, and begins again. */
const retryDelays = [0, 1000, 3000, 5000, 10_000];
const longDelay = 15_000;
/** A request that moved nothing for so long is given up and made again. */
const silence = 90_000;

const stopped = new AbortController();
/** @type {ReturnType<typeof start> | null} */
let running = null;

onmessage = ({ data }) => {
  if (data.type === "start") running = start(data);
  if (data.type === "pause") running?.pause();
  if (data.type === "resume") running?.resume();
  if (data.type === "abort") void running?.abort().finally(() => postMessage({ type: "aborted" }));
};

/** @param {string} state */
const tell = (state) => postMessage({ type: "state", state });

/** @param {import("./send-upload.js").Job} job */
function start({ upload: id, key, files, padding }) {
  const content = contentOf(files, padding);
  const batches = sealedBatches(key, content, stopped.signal);
  let paused = false;
  let over = false;
  /** Counts the attempts: what an earlier one still does must not reach the server beside the present one. */
  let attempt = 0;
  let moved = Date.now();
  let state = "sending";

  /** @param {string} next */
  function become(next) {
    if (state === next) return;
    state = next;
    tell(next);
  }

  const upload = new Upload(
    {},
    {
      uploadUrl: new URL(at(`/api/uploads/${id}`), location.href).href, // and no endpoint: an upload that is gone is not made anew under a key that has sealed
      uploadSize: batches.size,
      chunkSize: batch,
      retryDelays,
      storeFingerprintForResuming: false,
      fingerprint: async () => null,
      fileReader: { openFile: async () => ({ size: batches.size, slice, close() {} }) },
      onShouldRetry(error) {
        if (!passes(error)) return false;
        become("waiting");
        return true;
      },
      onProgress(sent) {
        moved = Date.now();
        become("sending");
        progress(sent);
      },
      onSuccess() {
        over = true;
        progress(batches.size);
        postMessage({ type: "done" });
      },
      async onError(error) {
        if (!passes(error)) {
          fail(error);
          return;
        }
        become("waiting");
        const mine = attempt;
        await wait(longDelay, stopped.signal).catch(() => {});
        if (mine === attempt && !paused && !over) begin();
      },
    },
  );

  /** @param {number} sealed bytes */
  function progress(sealed) {
    postMessage({ type: "progress", sent: Math.min(content.sum, Math.floor((sealed * chunkSize) / sealedChunkSize)), total: content.sum });
  }

  /**
   * @param {number} from
   * @param {number} to
   * @returns {Promise<import("./vendor/tus.js").SliceResult>}
   */
  async function slice(from, to) {
    const mine = attempt;
    moved = Infinity; // reading and sealing take what they take
    const sealed = await batches.take(from, to);
    if (mine !== attempt) return new Promise(() => {}); // paused meanwhile: tus would send it all the same
    moved = Date.now();
    return { value: Object.assign(sealed, { size: sealed.length }), done: to === batches.size };
  }

  function begin() {
    attempt++;
    moved = Date.now();
    upload.start();
  }

  async function halt() {
    attempt++;
    await upload.abort();
  }

  /** @param {import("./vendor/tus.js").DetailedError} error */
  function fail(error) {
    over = true;
    const cause = error.causingError;
    upload.abort().catch(() => {});
    postMessage({ type: "error", error: packError(cause instanceof Error ? cause : error.originalResponse ? answerError(error) : error) });
  }

  setInterval(async () => {
    if (paused || over || Date.now() - moved < silence) return;
    await halt();
    begin();
  }, 10_000);

  tell(state);
  begin();
  return {
    async pause() {
      if (paused || over) return;
      paused = true;
      await halt();
      become("paused");
    },
    resume() {
      if (!paused || over) return;
      paused = false;
      become("sending");
      begin();
    },
    async abort() {
      over = true;
      attempt++;
      await upload.abort().catch(() => {});
      stopped.abort();
    },
  };
}

/**
 * Whether trying again can help: what stands in the way may pass, or the server holds less than was thought (409).
 *
 * @param {import("./vendor/tus.js").DetailedError} error
 */
function passes(error) {
  const cause = error.causingError;
  if (cause instanceof Error) return mayPass(cause); // of reading and sealing; the network's failures are events
  return error.originalResponse?.getStatus() === 409 || mayPass(answerError(error));
}

/** @param {import("./vendor/tus.js").DetailedError} error */
function answerError(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  /** @type {{code?: unknown, message?: unknown}} */
  let said = {};
  try {
    said = JSON.parse(error.originalResponse?.getBody() ?? "") ?? {};
  } catch {
    // not from the API: the status has to do
  }
  return new ApiError(status, typeof said.code === "string" ? said.code : status === 0 ? "no_connection" : status === 401 ? "not_signed_in" : "internal", typeof said.message === "string" ? said.message : "");
}
