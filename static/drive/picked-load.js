// What was picked, as a link is made of it: apart from picked.js, which an upload needs without all that a link needs.
import { itemsFromFiles } from "../send.js";

/**
 * What a link can be made of.
 * @param {import("./picked.js").Picking} picking
 * @returns {import("./share-files.js").Load}
 */
export function loadOf({ picked, unread, handles = [] }) {
  /** @type {{path: string, file: File}[]} */
  const files = [];
  /** @type {string[]} */
  const folders = [];
  for (const { path, file } of picked) {
    if (file) files.push({ path, file });
    else folders.push(path);
  }
  return { items: itemsFromFiles(files), folders, left: unread, handles };
}
