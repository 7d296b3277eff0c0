/**
 * A small picture of a video: a frame near its beginning. The browser asks the server for no more than it needs for that.
 */
import { el } from "../ui/element.js";
import { readAll } from "../source.js";
import { mediaType } from "./kinds.js";
import { small } from "./thumbnails.js";
import { ViewError } from "./view-error.js";

const patience = 8_000; // milliseconds
const side = 16_384; // pixels at most

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./thumbnails.js").Context} context
 * @param {string} address  where the browser itself can ask for it, with ranges
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function videoPicture(entry, { source, signal }, address) {
  const end = Math.min(64, entry.size);
  if (!mediaType(await readAll(await source.read(entry, { end, signal }), end), "video")) throw new ViewError("not_that");
  const player = el("video", { muted: true, playsinline: true, preload: "metadata" });
  player.muted = true;
  try {
    await heard(player, "loadedmetadata", signal, () => (player.src = address));
    if (player.videoWidth < 1 || player.videoHeight < 1 || player.videoWidth > side || player.videoHeight > side) throw new ViewError("not_that");
    const at = Number.isFinite(player.duration) ? Math.min(1, player.duration / 10) : 0;
    await heard(player, "seeked", signal, () => (player.currentTime = at));
    return small(player);
  } finally {
    player.removeAttribute("src");
    player.load(); // lets go of what it has asked for
  }
}

/**
 * @param {HTMLVideoElement} player
 * @param {string} name  of the event that is waited for
 * @param {AbortSignal} signal
 * @param {() => void} act  what brings it
 * @returns {Promise<void>}
 */
function heard(player, name, signal, act) {
  return new Promise((resolve, reject) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    until.addEventListener("abort", () => reject(new ViewError("no_codec")), { once: true });
    player.addEventListener("error", () => reject(new ViewError("no_codec")), { once: true });
    player.addEventListener(name, () => resolve(), { once: true });
    act();
  });
}
