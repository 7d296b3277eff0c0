/**
 * Audio and video, with seeking. In the drive the browser asks the server itself; of a link it asks the service worker, which is given what this page opens, and
 * where there is none a file of some size is held in memory.
 */
import { el } from "../ui/element.js";
import { icon } from "../icons.js";
import { bytes as amount } from "../texts.js";
import { readAll } from "../source.js";
import { offerView } from "../views.js";
import { mediaType, viewKind } from "./kinds.js";
import { ViewError } from "./view-error.js";

const maxInMemory = 64 * 1024 * 1024;

/** Where each was left, so that coming back, or another try, goes on there. @type {WeakMap<import("../source.js").Entry, number>} */
const places = new WeakMap();

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, context) {
  const { source, signal, fail } = context;
  const kind = viewKind(entry) === "audio" ? "audio" : "video";
  const end = Math.min(64, entry.size);
  const type = mediaType(await readAll(await source.read(entry, { end, signal }), end), kind);
  if (!type) throw new ViewError("not_that");
  const played = await address(entry, type, context);
  if (signal.aborted) played.end();
  signal.throwIfAborted();

  const player = el(kind, { controls: true, playsinline: true, preload: "metadata", class: `view-${kind}`, "aria-label": entry.name });
  /** @type {unknown} */
  let why = null;
  played.heard((error) => (why = error));
  player.addEventListener("error", () => {
    if (player.currentTime > 0) places.set(entry, player.currentTime);
    fail(why ?? new ViewError("no_codec"));
  });
  player.addEventListener("loadedmetadata", () => {
    const place = places.get(entry) ?? 0;
    if (place < player.duration - 1) player.currentTime = place;
  });
  player.src = played.url;
  return {
    element: el("div", { class: "view-media" }, kind === "audio" && icon("music"), player),
    end() {
      if (!player.error && !player.ended) places.set(entry, player.currentTime);
      player.pause();
      player.removeAttribute("src");
      player.load(); // lets go of what it has asked for
      played.end();
    },
  };
}

/**
 * @param {import("../source.js").Entry} entry
 * @param {string} type
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<{url: string, end: () => void, heard: (listener: (error: unknown) => void) => void}>}
 */
async function address(entry, type, { source, signal, addressOf }) {
  if (addressOf) return { url: addressOf(entry), end() {}, heard() {} };
  const offered = await offerView(source, entry, type);
  if (offered) return { url: offered.url, end: offered.end, heard: (listener) => (offered.onfault = listener) };
  if (entry.size > maxInMemory) throw new ViewError("needs_worker", { size: amount(maxInMemory) });
  const url = URL.createObjectURL(new Blob([await readAll(await source.read(entry, { signal }), entry.size)], { type }));
  return { url, end: () => URL.revokeObjectURL(url), heard() {} };
}
