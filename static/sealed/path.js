/**
 * Paths in a manifest: relative, their parts joined by "/" (FORMAT 1, "Paths"). Twin of shares/sealed/path.go.
 *
 * readPath(path) -> string                        NFC; throws SealedError lone_surrogate, bad_path
 * checkPaths(files, folders)                      throws SealedError path_twice, path_conflict
 * cleanPaths(files, folders, longest?) -> {files, folders}  what a writer puts in place of them, in their order, free of collisions; throws SealedError bad_path
 * numbered(name, n) -> string                     "a.txt" becomes "a (2).txt"
 */
import { SealedError } from "./errors.js";

const encoder = new TextEncoder();
const maxPath = 4096;
const maxPart = 255;

// Backslash, what stands for bytes that were no text, controls, line separators, and the marks that turn the direction of text.
const forbidden = "[\\\\\\uFFFD\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]";
const someForbidden = new RegExp(forbidden);
const eachForbidden = new RegExp(forbidden, "g");

/** @param {string} text */
const bytesOf = (text) => encoder.encode(text).length;

/**
 * @param {string} path
 * @returns {string} the path in NFC
 */
export function readPath(path) {
  if (!path.isWellFormed()) throw new SealedError("lone_surrogate");
  const normal = path.normalize("NFC");
  if (someForbidden.test(normal) || bytesOf(normal) > maxPath) throw new SealedError("bad_path");
  for (const part of normal.split("/")) {
    if (part === "" || part === "." || part === ".." || bytesOf(part) > maxPart) throw new SealedError("bad_path");
  }
  return normal;
}

/**
 * @param {string[]} files paths as readPath gives them
 * @param {string[]} folders
 */
export function checkPaths(files, folders) {
  const seen = new Set();
  for (const path of [...files, ...folders]) {
    if (seen.has(path)) throw new SealedError("path_twice");
    seen.add(path);
  }
  const fileSet = new Set(files);
  for (const path of seen) {
    for (const folder of foldersOf(path)) if (fileSet.has(folder)) throw new SealedError("path_conflict");
  }
}

/**
 * The folders a path lies in, outermost first: "a/b/c" lies in "a" and "a/b".
 *
 * @param {string} path
 * @returns {string[]}
 */
export function foldersOf(path) {
  const folders = [];
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) folders.push(path.slice(0, at));
  return folders;
}

/**
 * Makes paths that a manifest can hold. Names that need no change but for NFC keep theirs; others get "_" in place of what is forbidden, are cut if they are too long,
 * and get " (2)", " (3)" ... where they would meet another. All that lay in one folder still does. Twin of shares/sealed/clean.go.
 *
 * @param {string[]} files
 * @param {string[]} folders the very same one twice stays one
 * @param {number} [longest] bytes of a whole path
 * @returns {{files: string[], folders: string[]}} in the same order
 * @throws {SealedError} bad_path, of a path that is longer all the same
 */
export function cleanPaths(files, folders, longest = maxPath) {
  const tree = cleanTree();
  // Whoever keeps a name comes first, so that a changed one does not take it away.
  for (const keep of [true, false]) for (const path of [...files, ...folders]) tree.add(path, keep);
  /** @type {Set<string>} */
  const seen = new Set();

  /** @param {string} path */
  function cleaned(path) {
    let clean = tree.path(path);
    if (seen.has(clean)) clean = tree.again(path, clean); // the very same path twice
    seen.add(clean);
    if (bytesOf(clean) > longest) throw new SealedError("bad_path");
    return clean;
  }

  const cleanFiles = files.map(cleaned);
  const cleanFolders = new Map([...new Set(folders)].map((path) => [path, cleaned(path)]));
  return { files: cleanFiles, folders: folders.map((path) => /** @type {string} */ (cleanFolders.get(path))) };
}

/** Gives each name in each original folder one clean name that no other in that folder has. */
function cleanTree() {
  /** @type {Map<string, string>} the clean name of what lies at each original path */
  const names = new Map();
  /** @type {Set<string>} original folder, with "/", and a clean name in it */
  const taken = new Set();

  /**
   * Puts " (2)", " (3)" ... before the extension until nothing else is called so.
   *
   * @param {string} folder
   * @param {string} name
   */
  function number(folder, name) {
    for (let n = 2; ; n++) {
      const free = numbered(name, n);
      if (!taken.has(folder + free)) return free;
    }
  }

  return {
    /**
     * Names the parts of a path: those that keep their name, or the others.
     *
     * @param {string} path
     * @param {boolean} keep
     */
    add(path, keep) {
      let folder = "";
      for (const part of path.split("/")) {
        const at = folder + part;
        if (!names.has(at)) {
          let name = cleanPart(part);
          if (!keep || name === part) {
            if (taken.has(folder + name)) name = number(folder, name);
            names.set(at, name);
            taken.add(folder + name);
          }
        }
        folder = `${at}/`;
      }
    },
    /** @param {string} path one that was added */
    path(path) {
      return [...foldersOf(path), path].map((at) => names.get(at)).join("/");
    },
    /**
     * Another name for a second file with the same original path.
     *
     * @param {string} path
     * @param {string} clean its clean form, which is taken
     */
    again(path, clean) {
      const original = path.slice(0, path.lastIndexOf("/") + 1);
      const cut = clean.lastIndexOf("/") + 1;
      const name = number(original, clean.slice(cut));
      taken.add(original + name);
      return clean.slice(0, cut) + name;
    },
  };
}

/**
 * @param {string} part
 * @returns {string} the form of one name that every reader takes
 */
function cleanPart(part) {
  const name = part.toWellFormed().replace(eachForbidden, "_").normalize("NFC");
  if (name === "") return "_";
  if (name === "." || name === "..") return "_".repeat(name.length);
  return cutPart(name, "");
}

/** How much of an extension, the dot included, stays when a name is cut, in bytes. */
const longestExtension = 16;

/**
 * Puts " (n)" before the extension of a name, and cuts the name so that it stays within 255 bytes.
 *
 * @param {string} name
 * @param {number} n
 */
export const numbered = (name, n) => cutPart(name, ` (${n})`);

/**
 * Puts an addition before the extension of a name, and cuts before it, at a character, so that it fits: "a.tar.gz", " (2)" -> "a.tar (2).gz"
 *
 * @param {string} part
 * @param {string} addition ASCII
 */
function cutPart(part, addition) {
  const dot = part.lastIndexOf(".");
  const extension = dot > 0 && bytesOf(part.slice(dot)) <= longestExtension ? part.slice(dot) : "";
  let stem = part.slice(0, part.length - extension.length);
  let room = maxPart - addition.length - bytesOf(extension);
  if (bytesOf(stem) > room) {
    let kept = "";
    for (const character of stem) {
      room -= bytesOf(character);
      if (room < 0) break;
      kept += character;
    }
    stem = kept;
  }
  return stem + addition + extension;
}
