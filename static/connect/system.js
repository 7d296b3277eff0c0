/**
 * The systems that a drive can be connected to, and which of them the visitor has.
 *
 * systemOf({agent, platform?, touches?}) -> System      the likeliest; "rclone", which runs everywhere, where nothing is known
 *
 * @typedef {"windows" | "mac" | "gnome" | "kde" | "linux" | "ios" | "android" | "rclone"} System
 */

/** @type {readonly System[]} in the order in which they are offered */
export const systems = Object.freeze(["windows", "mac", "gnome", "kde", "linux", "ios", "android", "rclone"]);

/**
 * @param {string | null} name
 * @returns {System | null} null for what is none of them
 */
export function namedSystem(name) {
  return systems.find((system) => system === name) ?? null;
}

/** The first that fits. A User-Agent of Android names Linux too, and one of an iPhone macOS. @type {[RegExp, System][]} */
const agents = [
  [/iPhone|iPad|iPod/, "ios"],
  [/Android|CrOS/, "android"], // ChromeOS has no WebDAV of its own, and runs Android's apps
  [/Windows/, "windows"],
  [/Mac OS X|Macintosh|macOS/, "mac"],
  [/Konqueror|Falkon|KDE/, "kde"],
  [/Linux|X11|BSD/, "gnome"], // no browser tells which desktop it runs on; most have this one
];

/**
 * @param {object} visitor
 * @param {string} visitor.agent the User-Agent
 * @param {string} [visitor.platform] of navigator.userAgentData, where there is one
 * @param {number} [visitor.touches] how many fingers the screen tells apart: an iPad calls itself a Mac, and no Mac has a touch screen
 * @returns {System}
 */
export function systemOf({ agent, platform = "", touches = 0 }) {
  const found = agents.find(([pattern]) => pattern.test(`${platform} ${agent}`))?.[1] ?? "rclone";
  return found === "mac" && touches > 1 ? "ios" : found;
}

/** @returns {System} of this visitor */
export function presentSystem() {
  const { userAgent, maxTouchPoints } = navigator;
  const data = /** @type {{userAgentData?: {platform?: string}}} */ (/** @type {unknown} */ (navigator)).userAgentData;
  return systemOf({ agent: userAgent, platform: data?.platform, touches: maxTouchPoints });
}
