/**
 * trusted.js of the opener: a worker's script is the page's own, told which module to run. It is the only place that makes a script URL.
 */
const place = /** @type {{thorpeOpener?: {server: string}, trustedTypes?: any}} */ (globalThis);

/** What was made here, by what it does. @type {Map<string, string>} */
const made = new Map();

const policy = place.trustedTypes?.createPolicy("thorpe", { createScriptURL: check });

/**
 * @param {string} url
 * @returns {string}
 */
function check(url) {
  if (![...made.values()].includes(url)) throw new TypeError("trusted: not a script of ours");
  return url;
}

/**
 * @param {string | URL} path such as `new URL("./x-worker.js", import.meta.url)`
 * @returns {string} a TrustedScriptURL where the browser has them
 */
function scriptURL(path) {
  const begins = `"use strict";\nglobalThis.thorpeOpener = ${JSON.stringify({ server: place.thorpeOpener?.server ?? "", worker: new URL(path).pathname.slice(1) })};\n`;
  let url = made.get(begins);
  if (!url) {
    const code = document.getElementById("code")?.textContent ?? "";
    url = URL.createObjectURL(new Blob([begins, code], { type: "text/javascript" }));
    made.set(begins, url);
  }
  return policy ? policy.createScriptURL(url) : check(url);
}

/**
 * From a disk, Chromium starts no worker that is a module.
 *
 * @param {string | URL} path
 * @param {string} name for the browser's tools
 * @returns {Worker}
 */
export const startWorker = (path, name) => new Worker(scriptURL(path), { name });
