/**
 * Lets a media element read a file of an opened link, with seeking: what the element asks for by range, this page reads from the source, chunk by chunk, and
 * hands to the service worker, which answers /s/view/ID with it. The key stays in this page.
 *
 * offerView(source, entry, type) -> Promise<View | null>
 *   source, entry  as for download(); type: one of viewTypes, found by looking at the file's first bytes, never the sender's word
 *   null           this page has no service worker (private windows, or a page outside /s/): read the file into a Blob, or say that it can only be saved
 * View: {url, end(), onfault}
 *   url        for <video src> or <audio src> of this same page; to all else, such as a frame, a fetch or another tab, it answers 404
 *   end()      stops what is being read and forgets the view; to be called when the element goes
 *   onfault    set it to hear why reading failed (SealedError, ApiError); the element itself only says "error". Loading the element anew tries again.
 *
 * A browser may stop the service worker at any time. The worker then asks this page anew for its views, so that a url stays good until end().
 */
import { at } from "./base.js";
import { sendBytes } from "./bytes-port.js";
import { controller } from "./registration.js";

/** @typedef {{url: string, end: () => void, onfault: ((error: unknown) => void) | null}} View */

const firstSpan = 1024 * 1024;
const longestSpan = 8 * firstSpan;

/** What the service worker gives a view out as; the same list is in worker.js. */
export const viewTypes = [
  "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg", "audio/wav", "audio/flac", "audio/webm",
  "video/mp4", "video/webm", "video/ogg", "video/quicktime", "video/x-matroska",
];

/**
 * @param {import("./source.js").Source} source
 * @param {import("./source.js").Entry} entry
 * @param {string} type
 * @returns {Promise<View | null>}
 */
export async function offerView(source, entry, type) {
  if (!viewTypes.includes(type)) throw new TypeError(`no view of ${type}`);
  const worker = await controller();
  if (!worker) return null;
  const id = crypto.randomUUID();
  const ended = new AbortController();
  /** @type {View} */
  const view = { url: at(`/s/view/${id}`), end, onfault: null };
  /** @type {MessagePort | null} */
  let port = null;

  /** @param {ServiceWorker} to */
  function offer(to) {
    port?.close();
    const page = new MessageChannel();
    port = page.port1;
    port.onmessage = ({ data, ports }) => {
      if (data?.type === "read") void serve(data.start, data.end, ports[0]);
    };
    to.postMessage({ type: "view", id, mime: type, size: entry.size }, [page.port2]);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {MessagePort} bytes
   */
  async function serve(start, end, bytes) {
    try {
      await sendBytes(spans(source, entry, start, end, ended.signal), bytes, ended.signal);
    } catch (error) {
      if (!ended.signal.aborted) view.onfault?.(error);
    } finally {
      bytes.close();
    }
  }

  /** @param {MessageEvent} event the worker was stopped and started again */
  function asked({ data, source: from }) {
    if (data?.type === "whose" && data.id === id && from) offer(/** @type {ServiceWorker} */ (from));
  }

  function end() {
    ended.abort();
    navigator.serviceWorker.removeEventListener("message", asked);
    port?.postMessage({ type: "end" });
    port?.close();
  }

  navigator.serviceWorker.addEventListener("message", asked);
  navigator.serviceWorker.startMessages();
  offer(worker);
  return view;
}

/**
 * An element asks for all from a place to the file's end, takes what it needs for some seconds, and may then go elsewhere. So the server is asked for spans of the
 * file, small ones first: little is fetched in vain, and no answer stands half read while the element is paused.
 *
 * @param {import("./source.js").Source} source
 * @param {import("./source.js").Entry} entry
 * @param {number} start
 * @param {number} end
 * @param {AbortSignal} signal
 * @returns {import("./bytes-port.js").ByteReader}
 */
function spans(source, entry, start, end, signal) {
  let length = firstSpan;
  let over = false;
  /** @type {ReadableStreamDefaultReader<Uint8Array> | null} */
  let span = null;
  return {
    async read() {
      for (;;) {
        if (!span) {
          if (over || start === end) return { done: true, value: undefined };
          const stop = Math.min(end, start + length);
          span = (await source.read(entry, { start, end: stop, signal })).getReader();
          start = stop;
          length = Math.min(2 * length, longestSpan);
        }
        const { done, value } = await span.read();
        if (!done) return { done, value };
        span = null;
      }
    },
    async cancel(reason) {
      over = true;
      await span?.cancel(reason);
    },
  };
}
