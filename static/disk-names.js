/**
 * Where the files of a link go on a disk that cannot hold each name. Twin of get_names.go; testdata/disknames.json has the cases of both.
 *
 * diskNames(files, folders, {windows?, browser?, folds?}) -> {files, folders, changed}     paths in their order; no two meet
 *   windows   names that Windows reserves are changed      folds   a.txt and A.txt are one
 *   browser   so are those that Chromium lets no page write, on any system
 *   changed   [{from, to}]
 */
import { numbered } from "./sealed/path.js";

/** @typedef {{windows?: boolean, browser?: boolean, folds?: boolean}} Rules */

/**
 * @param {string[]} files as a manifest has them
 * @param {string[]} folders
 * @param {Rules} rules
 * @returns {{files: string[], folders: string[], changed: {from: string, to: string}[]}}
 */
export function diskNames(files, folders, { windows = false, browser = false, folds = false }) {
  /** @type {Map<string, string>} by folder and name in the manifest */
  const names = new Map();
  /** @type {Set<string>} folders of the manifest with a name on the disk */
  const taken = new Set();
  /** @param {string} name */
  const fold = (name) => (folds ? name.toUpperCase().toLowerCase() : name);

  /**
   * @param {string} path
   * @param {boolean} keep only names that stay as they are
   */
  function add(path, keep) {
    let folder = "";
    for (const part of path.split("/")) {
      const key = folder + part;
      if (!names.has(key)) {
        const name = browser ? browserName(part) : windows ? windowsName(part) : part;
        if (!keep || name === part) {
          let free = name;
          for (let n = 2; taken.has(folder + fold(free)); n++) free = numbered(name, n);
          names.set(key, free);
          taken.add(folder + fold(free));
        }
      }
      folder = `${key}/`;
    }
  }

  // Whoever keeps a name comes first, so that a changed one does not take it away.
  for (const keep of [true, false]) for (const path of [...files, ...folders]) add(path, keep);

  /** @type {{from: string, to: string}[]} */
  const changed = [];
  /** @param {string} path */
  function place(path) {
    let folder = "";
    const to = path
      .split("/")
      .map((part) => {
        const name = names.get(folder + part);
        folder += `${part}/`;
        return name;
      })
      .join("/");
    if (to !== path) changed.push({ from: path, to });
    return to;
  }
  return { files: files.map(place), folders: folders.map(place), changed };
}

/** @param {string} part */
function windowsName(part) {
  const name = part.replace(/[<>:"|?*]/g, "_").replace(/[. ]$/, "_");
  const dot = name.indexOf(".");
  const stem = dot < 0 ? name : name.slice(0, dot);
  const rest = dot < 0 ? "" : name.slice(dot);
  const reserved = /^(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9\u00b9\u00b2\u00b3])$/i.test(stem.replace(/ +$/, ""));
  return reserved ? `${stem}_${rest}` : name;
}

/**
 * What a page may write is as strict everywhere as Windows, and some kinds of files that a system follows to elsewhere are refused as well.
 *
 * @param {string} part
 */
const browserName = (part) =>
  windowsName(part)
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, "_")
    .replace(/^\s|\s$/gu, "_")
    .replace(/\.(lnk|scf|url|local)$/i, ".$1_");
