/**
 * Small pictures of images: read whole, measured, decoded one at a time, drawn small and kept small. What is no longer in sight when its turn comes is not read.
 */
import { soundImage } from "./image.js";
import { ViewError } from "./view-error.js";

/** @typedef {import("../source.js").Entry} Entry */
/** @typedef {{entry: Entry, put: (picture: HTMLCanvasElement) => void}} Wish */

const bounds = { size: 24 * 1024 * 1024, pixels: 60_000_000, side: 16_384 };
const readers = 3;
const width = 320;
const kept = 200;

/**
 * @param {import("../source.js").Source} source
 * @param {(error: unknown) => void} failed  the source cannot be read: nothing more is read until again() is called
 */
export function thumbnails(source, failed) {
  const over = new AbortController();
  /** The pictures made so far, the oldest first; null where there is none to be had. @type {Map<Entry, HTMLCanvasElement | null>} */
  const made = new Map();
  /** @type {Map<Entry, Wish>} the last wish comes first */
  const wishes = new Map();
  let busy = 0;
  let stopped = false;
  /** @type {Promise<unknown>} */
  let decoding = Promise.resolve();

  /** @param {Entry} entry */
  async function draw(entry) {
    const blob = await soundImage(entry, { source, signal: over.signal }, bounds);
    const turn = decoding.then(() => small(blob));
    decoding = turn.catch(() => {});
    return turn;
  }

  async function work() {
    if (busy >= readers || stopped || over.signal.aborted) return;
    const wish = [...wishes.values()].at(-1);
    if (!wish) return;
    const { entry, put } = wish;
    wishes.delete(entry);
    busy++;
    void work();
    /** @type {HTMLCanvasElement | null} */
    let picture = null;
    try {
      picture = await draw(entry);
      put(picture);
    } catch (error) {
      if (over.signal.aborted) return;
      const own = error instanceof ViewError || error instanceof DOMException; // no image, too large, or not to be decoded
      if (!own) {
        wishes.set(entry, wish); // for another try
        if (!stopped) failed(error);
        stopped = true;
        return;
      }
    } finally {
      busy--;
    }
    made.set(entry, picture);
    const [oldest] = made.keys();
    if (made.size > kept) made.delete(oldest);
    void work();
  }

  return {
    /**
     * Puts the picture into its place, at once or when it is made.
     * @param {Wish} wish
     */
    want(wish) {
      const picture = made.get(wish.entry);
      if (picture === null) return;
      if (picture) {
        made.delete(wish.entry);
        made.set(wish.entry, picture); // lately used
        wish.put(picture);
        return;
      }
      wishes.set(wish.entry, wish);
      void work();
    },
    /** @param {Entry} entry */
    forget: (entry) => void wishes.delete(entry),
    again() {
      stopped = false;
      for (let i = 0; i < readers; i++) void work();
    },
    end: () => over.abort(),
  };
}

/**
 * @param {Blob} blob
 * @returns {Promise<HTMLCanvasElement>}
 */
async function small(blob) {
  const whole = await createImageBitmap(blob);
  const scale = Math.min(1, Math.max(width / whole.width, (width * 0.75) / whole.height));
  const canvas = document.createElement("canvas");
  // What is much longer than wide is cut to the middle, as it is shown.
  canvas.width = Math.max(1, Math.min(Math.round(whole.width * scale), width));
  canvas.height = Math.max(1, Math.min(Math.round(whole.height * scale), width * 0.75));
  const drawn = { width: whole.width * scale, height: whole.height * scale };
  const context = canvas.getContext("2d");
  if (context) context.imageSmoothingQuality = "high";
  context?.drawImage(whole, (canvas.width - drawn.width) / 2, (canvas.height - drawn.height) / 2, drawn.width, drawn.height);
  whole.close();
  return canvas;
}
