/**
 * Places in the drive and their addresses. A place is a path below the drive's root, decoded, its parts joined by "/", without a slash at either
 * end; the root is "". The page's address is the place: `/` or `/drive/Family/Summer%20at%20the%20lake`.
 */
import { at, below } from "../base.js";

/**
 * The place that an address stands for.
 * @param {string} pathname as in location.pathname
 * @returns {string | null} null where it is no address of the drive, or one that cannot be decoded
 */
export function placeOf(pathname) {
  const place = below(pathname);
  if (place === "/" || place === "/drive" || place === "/drive/") return "";
  if (!place?.startsWith("/drive/")) return null;
  try {
    const parts = place.slice("/drive/".length).split("/").filter(Boolean).map(decodeURIComponent);
    return parts.some((part) => part === "." || part === ".." || part.includes("/")) ? null : parts.join("/");
  } catch {
    return null; // a "%" that begins no escape
  }
}

/**
 * The address of a place in the web drive.
 * @param {string} path
 */
export function addressOf(path) {
  return at(path === "" ? "/" : "/drive/" + encodePath(path));
}

/**
 * The address at which the server hands out a file of the drive.
 * @param {string} path
 */
export function fileAddress(path) {
  return at("/files/" + encodePath(path));
}

/** @param {string} path */
function encodePath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

/**
 * @param {string} folder
 * @param {string} name
 */
export function join(folder, name) {
  return folder === "" ? name : folder + "/" + name;
}

/** @param {string} path */
export function parentOf(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

/** @param {string} path */
export function nameOf(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
