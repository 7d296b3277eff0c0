/**
 * Small pictures of files: read whole, measured, decoded one at a time, drawn small and kept small. What is no longer in sight when its turn comes is not read.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {{entry: Entry, put: (picture: HTMLCanvasElement) => void, cheap?: boolean}} Wish  cheap: it may be coarse, and is done without where much would be read for it
 *
 * @typedef {object} Pictures
 * @property {(entry: Entry) => boolean} can  whether there may be one
 * @property {(wish: Wish) => void} want  puts the picture into its place, at once or when it is made
 * @property {(entry: Entry) => void} forget
 * @property {() => void} again  goes on after the source could not be read
 * @property {() => void} end
 *
 * @typedef {{source: import("../source.js").Source, signal: AbortSignal}} Context
 *
 * @typedef {object} PictureOptions  what a link's gallery does without
 * @property {(entry: Entry) => unknown} [keyOf]  what tells a file and its version from others; by default the entry itself
 * @property {(entry: Entry, context: Context) => Promise<HTMLCanvasElement> | null} [make]  of another kind than an image; null: there is none to be had
 * @property {{get: (entry: Entry) => Promise<Blob | null>, put: (entry: Entry, picture: Blob) => void}} [store]  where pictures are kept between visits
 * @property {(error: unknown) => boolean} [skips]  whether it is this file alone that has no picture
 */
import { soundImage } from "./image.js";
import { viewKind } from "./kinds.js";
import { ViewError } from "./view-error.js";

const bounds = { size: 24 * 1024 * 1024, pixels: 60_000_000, side: 16_384 };
const cheap = 4 * 1024 * 1024; // bytes of an image that is read for a cheap one
const readers = 3;
const isJPEG = /\.(jpe?g|jpe|jfif)$/iu;
const width = 320;
const kept = 200;

/**
 * @param {import("../source.js").Source} source
 * @param {(error: unknown) => void} failed  the source cannot be read: nothing more is read until again() is called
 * @param {PictureOptions} [options]
 * @returns {Pictures}
 */
export function thumbnails(source, failed, { keyOf = (entry) => entry, make = () => null, store, skips = () => false } = {}) {
  const over = new AbortController();
  /** The pictures made so far, the oldest first; null where there is none to be had. @type {Map<unknown, HTMLCanvasElement | null>} */
  const made = new Map();
  /** Those of them that are good for a cheap wish alone. @type {WeakSet<HTMLCanvasElement>} */
  const coarse = new WeakSet();
  /** @type {Map<unknown, Wish>} the last wish comes first */
  const wishes = new Map();
  let busy = 0;
  let stopped = false;
  const decoding = oneByOne();
  /** What has no picture that is cheap to make. @type {Set<unknown>} */
  const costly = new Set();

  /**
   * @param {Wish} wish
   * @returns {Promise<HTMLCanvasElement | null | undefined>} null: there is none to be had; undefined: none that is cheap
   */
  async function draw({ entry, cheap: isCheap }) {
    const kept = await store?.get(entry);
    if (kept) return small(await createImageBitmap(kept));
    const context = { source, signal: over.signal };
    if (isCheap) {
      if (viewKind(entry) !== "image") return undefined;
      const own = isJPEG.test(entry.name) ? await (await import("./exif-picture.js")).exifPicture(entry, context) : null;
      if (own) coarse.add(own);
      if (own || entry.size > cheap) return own ?? undefined;
    }
    const picture = viewKind(entry) === "image" ? await decode(await soundImage(entry, context, bounds)) : await make(entry, context);
    if (picture) picture.toBlob((blob) => blob && store?.put(entry, blob), "image/webp", 0.8);
    return picture;
  }

  /** @param {Blob} blob */
  const decode = (blob) => decoding(async () => small(await createImageBitmap(blob)));

  async function work() {
    if (busy >= readers || stopped || over.signal.aborted) return;
    const wish = [...wishes.values()].at(-1);
    if (!wish) return;
    const { entry, put } = wish;
    wishes.delete(keyOf(entry));
    busy++;
    void work();
    /** @type {HTMLCanvasElement | null | undefined} */
    let picture = null;
    try {
      picture = await draw(wish);
      if (picture) put(picture);
    } catch (error) {
      if (over.signal.aborted) return;
      const own = error instanceof ViewError || error instanceof DOMException || skips(error); // no image, too large, or not to be decoded
      if (!own) {
        wishes.set(keyOf(entry), wish); // for another try
        if (!stopped) failed(error);
        stopped = true;
        return;
      }
    } finally {
      busy--;
    }
    if (picture === undefined) costly.add(keyOf(entry));
    else {
      costly.delete(keyOf(entry));
      made.set(keyOf(entry), picture);
    }
    const [oldest] = made.keys();
    if (made.size > kept) made.delete(oldest);
    void work();
  }

  return {
    can: (entry) => ["image", "video", "pdf"].includes(viewKind(entry) ?? ""),
    want(wish) {
      const key = keyOf(wish.entry);
      const picture = made.get(key);
      if (picture === null) return;
      if (picture && (wish.cheap || !coarse.has(picture))) {
        made.delete(key);
        made.set(key, picture); // lately used
        wish.put(picture);
        return;
      }
      if (wish.cheap && costly.has(key)) return;
      wishes.set(key, wish);
      void work();
    },
    forget: (entry) => void wishes.delete(keyOf(entry)),
    again() {
      stopped = false;
      for (let i = 0; i < readers; i++) void work();
    },
    end: () => over.abort(),
  };
}

/**
 * Draws what was decoded small. What is much longer than wide is cut to the middle, as it is shown, or to its top.
 * @param {ImageBitmap | HTMLVideoElement} whole  an ImageBitmap is closed
 * @param {{top?: boolean}} [options]
 * @returns {HTMLCanvasElement}
 */
export function small(whole, { top = false } = {}) {
  const size = whole instanceof ImageBitmap ? { width: whole.width, height: whole.height } : { width: whole.videoWidth, height: whole.videoHeight };
  const scale = Math.min(1, Math.max(width / size.width, (width * 0.75) / size.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.min(Math.round(size.width * scale), width));
  canvas.height = Math.max(1, Math.min(Math.round(size.height * scale), width * 0.75));
  const drawn = { width: size.width * scale, height: size.height * scale };
  const context = canvas.getContext("2d");
  if (context) context.imageSmoothingQuality = "high";
  context?.drawImage(whole, (canvas.width - drawn.width) / 2, top ? 0 : (canvas.height - drawn.height) / 2, drawn.width, drawn.height);
  if (whole instanceof ImageBitmap) whole.close();
  return canvas;
}

/**
 * Has work done one after the other.
 * @returns {<T>(work: () => Promise<T>) => Promise<T>}
 */
export function oneByOne() {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
