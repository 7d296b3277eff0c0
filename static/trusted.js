/**
 * The only place that makes a script URL out of a string: pages run under `require-trusted-types-for 'script'; trusted-types thorpe`, so that
 * `new Worker(url)` and `serviceWorker.register(url)` take nothing else.
 *
 * scriptURL(path) -> TrustedScriptURL | string     a same-origin address under /static/, or a worker of `workers`; throws TypeError for all else
 *
 * Workers may import this module too: where there is no window, there is nothing to convince and the string is returned.
 */
import { at } from "./base.js";

const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy("thorpe", { createScriptURL: check });

/** The service workers, at addresses that stay. */
const workers = [at("/s/worker.js"), at("/share/worker.js")];

/**
 * @param {string} url
 * @returns {string} the absolute URL
 */
function check(url) {
  const { origin, href, pathname } = new URL(url, location.href);
  if (origin !== location.origin || !(pathname.startsWith(at("/static/")) || workers.includes(pathname))) {
    throw new TypeError("trusted: not a script of ours");
  }
  return href;
}

/**
 * @param {string | URL} path such as at("/s/worker.js"), or `new URL("./x-worker.js", import.meta.url)`
 * @returns {string} a TrustedScriptURL where the browser has them; typed as a string, which Worker and register declare
 */
export function scriptURL(path) {
  return policy ? policy.createScriptURL(String(path)) : check(String(path));
}
