/**
 * Argon2id with the parameters of format 1: 65,536 KiB, 3 passes, 1 lane, 32 bytes, version 0x13, no secret, no associated data.
 *
 * argon2id(password, salt) -> Promise<Uint8Array(32)>     takes about half a second; the page stays alive
 *
 * It runs in a worker of its own, because only that worker's response allows WebAssembly. The worker ends with the call, so that its 64 MiB,
 * which hold what was made of the password, go at once.
 */
import { startWorker } from "./trusted.js";

/**
 * @param {Uint8Array} password
 * @param {Uint8Array} salt 16 bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function argon2id(password, salt) {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL("./argon2-worker.js", import.meta.url), "argon2");
    const end = () => worker.terminate();
    worker.onmessage = ({ data }) => {
      end();
      if (data instanceof Uint8Array) resolve(/** @type {Uint8Array<ArrayBuffer>} */ (data));
      else reject(new Error(`argon2: ${data}`));
    };
    worker.onerror = (event) => {
      end();
      reject(new Error(`argon2: the worker did not start: ${event.message ?? ""}`));
    };
    worker.postMessage({ password, salt });
  });
}
