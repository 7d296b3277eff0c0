/**
 * An opened link as a Source: folders are made out of the manifest's paths, bytes come from the link's content.
 *
 * sealedSource(manifest, content) -> Source
 *   content: () => Promise<Content>, asked for at the first read; it makes the ticket, and so counts the visit
 */
import { sealedReader } from "./reader.js";
import { foldersOf } from "./sealed/path.js";
import { sortEntries } from "./source.js";

/** @typedef {import("./source.js").Entry} Entry */

/**
 * @param {import("./sealed/manifest.js").Manifest} manifest
 * @param {() => Promise<import("./content.js").Content>} content
 * @returns {import("./source.js").Source}
 */
export function sealedSource(manifest, content) {
  const folders = foldersIn(manifest);

  /** @param {string} path */
  async function list(path) {
    return [...(folders.get(path) ?? [])];
  }

  /**
   * @param {string} path
   * @returns {AsyncGenerator<Entry>}
   */
  async function* walk(path) {
    for (const entry of folders.get(path) ?? []) {
      yield entry;
      if (entry.folder) yield* walk(entry.path);
    }
  }

  return {
    list,
    walk,
    read: async (entry, range) => sealedReader(await content()).read(entry, range),
    recipe: async () => ({ kind: "sealed", ...(await content()) }),
  };
}

/**
 * @param {import("./sealed/manifest.js").Manifest} manifest
 * @returns {Map<string, Entry[]>} what lies in each folder, sorted
 */
function foldersIn({ files, folders }) {
  /** @type {Map<string, Entry[]>} */
  const found = new Map([["", []]]);

  /** @param {string} path */
  const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);
  /** @param {Entry} entry */
  const put = (entry) => found.get(entry.path.slice(0, Math.max(0, entry.path.lastIndexOf("/"))))?.push(entry);
  /** @param {string} path */
  function make(path) {
    if (found.has(path)) return;
    found.set(path, []);
    put({ path, name: nameOf(path), folder: true, size: 0, modified: null, type: "" });
  }

  for (const { path, size, type, modified, start } of files) {
    for (const folder of foldersOf(path)) make(folder);
    put({ path, name: nameOf(path), folder: false, size, type, modified, start });
  }
  for (const path of folders) for (const folder of [...foldersOf(path), path]) make(folder);
  for (const entries of found.values()) sortEntries(entries);
  return found;
}
