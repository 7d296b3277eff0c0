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
 * The file that the page's address says is looked at, as `?look=NAME` of the folder that is shown, or `?look=/PATH` of the drive; `edit` in place of `look` where it is edited.
 * @param {string | null} folder  that is shown; null where it is no folder
 * @returns {{path: string, editing: boolean} | null}
 */
export function lookedAt(folder) {
  const query = new URLSearchParams(location.search);
  const said = query.get("edit") ?? query.get("look") ?? "";
  if (said === "" || (folder === null && !said.startsWith("/"))) return null;
  const path = said.startsWith("/") ? said.slice(1) : join(folder ?? "", said);
  return path.split("/").some((part) => ["", ".", ".."].includes(part)) ? null : { path, editing: query.has("edit") };
}

/**
 * The present page's address with a file that is looked at.
 * @param {string | null} folder  as above
 * @param {string} path  of the file
 * @param {boolean} editing
 */
export function lookAddress(folder, path, editing) {
  const place = placeOnly(location);
  const said = parentOf(path) === folder ? nameOf(path) : "/" + path;
  return `${place}${place.includes("?") ? "&" : "?"}${editing ? "edit" : "look"}=${encodePath(said)}`;
}

/**
 * What an address shows when no file is looked at.
 * @param {{pathname: string, search: string}} address
 */
export function placeOnly({ pathname, search }) {
  const rest = search.slice(1).split("&").filter((one) => one !== "" && !/^(?:look|edit)=/u.test(one)).join("&");
  return pathname + (rest && `?${rest}`);
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
