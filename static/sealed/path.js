/**
 * Paths in a manifest: relative, their parts joined by "/" (FORMAT 1, "Paths"). Twin of shares/sealed/path.go.
 *
 * readPath(path) -> string                        NFC; throws SealedError lone_surrogate, bad_path
 * checkPaths(files, folders)                      throws SealedError path_twice, path_conflict
 * cleanPaths(files, folders) -> {files, folders}  what a writer puts in place of them, in their order, free of collisions
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
 * Makes paths that a manifest can hold: NFC, "_" for what must not stand in a name, cut to length, and numbered where two became one.
 *
 * @param {string[]} files
 * @param {string[]} folders two that become one stay one
 * @returns {{files: string[], folders: string[]}} in the same order
 */
export function cleanPaths(files, folders) {
  const cleanedFolders = folders.map((path) => clean(path).join("/"));
  const cleaned = files.map(clean);
  /** @type {Set<string>} */
  const taken = new Set(cleanedFolders.flatMap((path) => [...foldersOf(path), path]));
  for (const parts of cleaned) for (const folder of foldersOf(parts.join("/"))) taken.add(folder);
  const cleanedFiles = cleaned.map((parts) => {
    const folder = parts.slice(0, -1).join("/");
    const name = parts[parts.length - 1];
    let path = fit(folder, name);
    for (let n = 2; taken.has(path); n++) path = fit(folder, numbered(name, n));
    taken.add(path);
    return path;
  });
  return { files: cleanedFiles, folders: cleanedFolders };
}

/** @param {string} path */
const clean = (path) => path.split("/").map(cleanPart);

/** @param {string} part */
function cleanPart(part) {
  const name = part.toWellFormed().normalize("NFC").replace(eachForbidden, "_");
  if (name === "" || name === ".") return "_";
  if (name === "..") return "__";
  return shorten(name, maxPart);
}

/**
 * Joins, and where the whole path is too long, leaves out folders from the outermost on.
 *
 * @param {string} folder
 * @param {string} name
 */
function fit(folder, name) {
  let path = folder === "" ? name : `${folder}/${name}`;
  while (bytesOf(path) > maxPath) path = path.slice(path.indexOf("/") + 1);
  return path;
}

/**
 * "a.tar.gz", 2 -> "a.tar (2).gz"
 *
 * @param {string} name
 * @param {number} n
 */
function numbered(name, n) {
  const { stem, extension } = split(name);
  const mark = ` (${n})`;
  return shorten(stem, maxPart - bytesOf(extension) - mark.length) + mark + extension;
}

/**
 * @param {string} name
 * @returns {{stem: string, extension: string}}
 */
function split(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 && bytesOf(name.slice(dot)) <= 32 ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: "" };
}

/**
 * Cuts whole code points off the end of the name, before its extension.
 *
 * @param {string} name
 * @param {number} limit bytes
 */
function shorten(name, limit) {
  if (bytesOf(name) <= limit) return name;
  const { stem, extension } = split(name);
  const kept = [...stem];
  while (kept.length > 1 && bytesOf(kept.join("") + extension) > limit) kept.pop();
  return kept.join("") + extension;
}
