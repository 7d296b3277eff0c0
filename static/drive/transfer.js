/**
 * One file on its way into the drive: by a PUT to /files/, small ones many in one request (together.js), large ones by tus (tus-transfer.js), which can go on after a break.
 * transfer(upload, {onSent, signal}) ends when the file is in its place, and throws TransferError.
 */
import { pause } from "../resume.js";
import { answered } from "./line.js";
import { PAUSES } from "./pauses.js";
import { fileAddress } from "./place.js";
import { accountHeader } from "../whose.js";
import { SMALL, together } from "./together.js";
import { tusTransfer } from "./tus-transfer.js";
import { stillReadable, TransferError } from "./transfer-error.js";

const RESUMED = 8 << 20; // bytes from which on an upload goes on after a break: so much a slow line (1 Mbit/s) takes a minute for

/** @param {{size: number}} file */
export const resumes = ({ size }) => size >= RESUMED;

const small = together(put);

/** @type {import("./uploads.js").Transfer} */
export async function transfer(upload, hooks) {
  const { onSent, signal } = hooks;
  let way = resumes(upload.file) ? tusTransfer : upload.file.size <= SMALL ? small : put;
  for (let tries = 0; ; ) {
    try {
      return await way(upload, hooks);
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      // The answer to an earlier try was lost (a try of ours, or one that the browser made by itself on a fresh connection): what "has appeared in the
      // meantime" is the file itself.
      if (error.status === 412 && (await isThere(upload))) return;
      if (error.code === "too_many" && way === tusTransfer) {
        way = put; // the server holds as many unfinished ones as it takes
        continue;
      }
      if (!error.passes || signal.aborted) throw error;
      if (way !== tusTransfer) onSent(0);
      if (await answered(signal)) continue; // it was gone, and is back
      if (tries >= PAUSES.length) throw error;
      await pause(PAUSES[tries++], signal);
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
