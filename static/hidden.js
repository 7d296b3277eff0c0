/**
 * Files that a system writes beside people's own: what macOS knows of a file `x` goes into `._x` (AppleDouble), of a folder into `.DS_Store`, and Windows puts its small
 * pictures into `Thumbs.db`. The drive keeps them like any other; nobody wants to see, share or upload them. Its twin is dav/hidden.go.
 */

const names = new Set([".DS_Store", "Thumbs.db"]);

/**
 * Whether it is such a file: by its name, in the case that those systems write. A folder never is.
 *
 * @param {string} name
 * @param {boolean} folder
 */
export const isHidden = (name, folder) => !folder && (name.startsWith("._") || names.has(name));

/**
 * Where what macOS knows of a file or folder lies.
 *
 * @param {string} path
 */
export function appleDouble(path) {
  const start = path.lastIndexOf("/") + 1;
  return `${path.slice(0, start)}._${path.slice(start)}`;
}
