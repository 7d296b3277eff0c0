/**
 * How fast and how long, in words: "48 MB/s · 23 seconds left".
 */
import { bytes, duration, t } from "../texts.js";

const FOREVER = 360_000; // seconds: beyond that a guess says nothing

/**
 * @param {number | null} speed bytes a second, of rate.js
 * @param {number | null} left seconds
 * @returns {string} empty while it is too early to say
 */
export function paceText(speed, left) {
  if (speed === null) return "";
  if (speed < 1) return t("drive.stalled");
  const words = [t("drive.speed", { speed: bytes(speed) })];
  if (left !== null && left < FOREVER) words.push(t("drive.left", { time: duration(left) }));
  return words.join(" · ");
}
