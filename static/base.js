/**
 * Where this Thorpe lives on its host: all of it lies below one path, "" for the whole host or such as "/cloud". It is read off this module's own address, so that the
 * files are the same wherever they are served. No other module writes an address of this host by itself (base_test.go).
 *
 * at(path) -> string                  the address of a path such as "/drive/Family"
 * below(pathname) -> string | null    the other way round, of a location.pathname; null for what lies outside
 * ownName(name) -> string             a name for what the browser keeps for the whole host, so that two Thorpes there do not take each other's things
 */
const base = new URL("../..", import.meta.url).pathname.slice(0, -1);

/** @param {string} path beginning with a slash */
export const at = (path) => base + path;

/** @param {string} pathname */
export const below = (pathname) => (pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : null);

/** @param {string} name */
export const ownName = (name) => (base === "" ? name : `${name} ${base}`); // share-worker.js makes the same
