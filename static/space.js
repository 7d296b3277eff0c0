/**
 * What of the account's quota is used, or, without one, of what it could have on the server's disk: in the side of the signed-in app, told anew whenever the drive has changed. It is no more than a
 * help, so it stays away when it cannot be had.
 *
 * showSpace()                       tells it, soon
 * driveChanged()                    says that something was written, moved or deleted
 */
import { api } from "./api.js";
import { bytes, t } from "./texts.js";
import { el, fill } from "./ui/element.js";

const PAUSE = 1_500; // milliseconds: while many files arrive it follows at its own pace

let timer = 0;
let asking = false;

export function driveChanged() {
  timer ||= window.setTimeout(() => {
    timer = 0;
    void showSpace();
  }, PAUSE);
}

export async function showSpace() {
  const place = document.getElementById("space");
  if (!place || asking) return;
  asking = true;
  try {
    /** @type {{free: number, used: number, quota: number | null}} */
    const { free, used, quota } = await api("GET", "/api/space");
    fill(
      place,
      quota === null ? t("shell.space", { used: bytes(used), free: bytes(free) }) : t("shell.space_of", { used: bytes(used), quota: bytes(quota) }),
      spaceBar(used / Math.max(1, quota ?? used + free)),
    );
    place.hidden = false;
  } catch {
    place.hidden = true;
  } finally {
    asking = false;
  }
}

/**
 * How much of something is used, drawn; words beside it say it too.
 * @param {number} part from 0 to 1, or above
 * @param {string} [className]
 */
export function spaceBar(part, className = "bar") {
  const bar = el("i");
  bar.style.setProperty("width", `${100 * Math.min(1, part)}%`);
  return el("div", { class: part > 0.95 ? `${className} full` : className, "aria-hidden": "true" }, bar);
}
