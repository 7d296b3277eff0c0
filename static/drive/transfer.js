/**
 * One file on its way into the drive: by a PUT to /files/, small ones many in one request (together.js), large ones by tus (tus-transfer.js), which can go on after a break.
 * transfer(upload, {onSent, signal}) ends when the file is in its place, and throws TransferError.
 */
import { PAUSES } from "./pauses.js";
import { fileAddress } from "./place.js";
import { accountHeader } from "../whose.js";
import { SMALL, together } from "./together.js";
import { tusTransfer } from "./tus-transfer.js";
import { TransferError } from "./transfer-error.js";

const LARGE = 64 << 20; // bytes from which on an upload is worth resuming

const small = together(put);

/** @type {import("./uploads.js").Transfer} */
export async function transfer(upload, { onSent, signal }) {
  if (upload.file.size >= LARGE) return tusTransfer(upload, { onSent, signal });
  for (let tries = 0; ; tries++) {
    try {
      return await (upload.file.size <= SMALL ? small : put)(upload, { onSent, signal });
    } catch (error) {
      // The answer to an earlier try was lost (a try of ours, or one that the browser made by itself on a fresh connection): what "has appeared in the
      // meantime" is the file itself.
      if (error instanceof TransferError && error.status === 412 && (await isThere(upload))) return;
      const passing = error instanceof TransferError && error.code === "" && [0, 429, 502, 503, 504].includes(error.status);
      if (!passing || signal.aborted || tries >= PAUSES.length) throw error;
      onSent(0);
      await pause(PAUSES[tries], signal);
    }
  }
}

/**
 * A PUT, by XMLHttpRequest: fetch does not tell how much has been sent.
 * @type {import("./uploads.js").Transfer}
 */
function put({ path, file, replace }, { onSent, signal }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.onload = () => (request.status >= 200 && request.status < 300 ? resolve() : reject(new TransferError(request.status)));
    request.onerror = () => void stillReadable(file).then((readable) => reject(new TransferError(0, readable ? "" : "unreadable")));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.open("PUT", fileAddress(path));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(accountHeader())) request.setRequestHeader(name, value);
    request.setRequestHeader("X-OC-Mtime", String(Math.floor(file.lastModified / 1000)));
    if (!replace) request.setRequestHeader("If-None-Match", "*");
    request.send(file);
  });
}

/**
 * Whether the file at the upload's place is the very one that was sent: as long, and of the time that was sent with it.
 * @param {import("./uploads.js").Upload} upload
 */
async function isThere({ path, file }) {
  const answer = await fetch(fileAddress(path), { method: "HEAD", cache: "no-store", headers: accountHeader() }).catch(() => null);
  const modified = Date.parse(answer?.headers.get("Last-Modified") ?? "");
  return answer?.status === 200 && answer.headers.get("Content-Length") === String(file.size) && modified === Math.floor(file.lastModified / 1000) * 1000;
}

/**
 * Whether a file can still be read: a browser reports one that changed or went away during the upload like a broken network.
 * @param {File} file
 */
async function stillReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(end, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      reject(signal.reason);
    };
    function end() {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal.removeEventListener("abort", stop);
      resolve();
    }
    addEventListener("online", end); // the network is back: no need to wait longer
    signal.addEventListener("abort", stop);
  });
}
