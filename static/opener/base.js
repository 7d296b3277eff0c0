/**
 * base.js of the opener: the server is that of the link that is open, and not where this page came from.
 */
const place = /** @type {{thorpeOpener?: {server: string}}} */ (globalThis);

/** @param {string} path beginning with a slash */
export const at = (path) => (place.thorpeOpener?.server ?? "") + path;

/** @param {string} _pathname */
export const below = (_pathname) => null;

/** @param {string} name */
export const ownName = (name) => name;
