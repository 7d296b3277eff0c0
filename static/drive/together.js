/**
 * Small files on their way into the drive, many in one request: a browser spends more on a request than on a small file. Start from together.
 *
 * @typedef {import("./uploads.js").Upload} Upload
 * @typedef {import("./uploads.js").Transfer} Transfer
 * @typedef {{upload: Upload, onSent: (bytes: number) => void, signal: AbortSignal, resolve: () => void, reject: (reason: unknown) => void}} Waiting
 */
import { at } from "../base.js";
import { accountHeader } from "../whose.js";
import { isReadable } from "./readable.js";
import { TransferError } from "./transfer-error.js";

/** Bytes up to which a file goes with others. */
export const SMALL = 64 << 10;

/** How many go in one request. */
export const TOGETHER = 100;

/** In place of a status: the request was aborted; the server, or something on the way to it, takes no such requests, or none as long. */
const STOPPED = -1;
const REFUSED = -2;

/**
 * A transfer that waits for those which are begun in the same turn, and goes with them.
 * @param {Transfer} alone  for one that nothing goes with
 * @returns {Transfer}
 */
export function together(alone) {
  /** @type {Waiting[]} */
  let waiting = [];
  let apart = false; // each goes by itself from now on
  const turn = new MessageChannel(); // unlike a timer it is not slowed down in a tab that nobody looks at
  turn.port1.onmessage = () => {
    const all = waiting.filter(({ signal, reject }) => !signal.aborted || reject(signal.reason));
    waiting = [];
    for (let from = 0; from < all.length; from += TOGETHER) void send(all.slice(from, from + TOGETHER));
  };

  /** @param {Waiting} one */
  function wait(one) {
    if (waiting.push(one) === 1) turn.port2.postMessage(null);
  }

  /** @param {Waiting[]} some */
  async function send(some) {
    const { status, statuses } = some.length === 1 || apart ? { status: REFUSED } : await ask(some);
    if (status === REFUSED && some.length > 1) apart = true;
    for (const [index, one] of some.entries()) {
      const its = statuses ? (statuses[index] ?? 500) : status;
      if (one.signal.aborted) one.reject(one.signal.reason);
      else if (status === STOPPED) wait(one); // another of them was canceled
      else if (status === REFUSED) alone(one.upload, one).then(one.resolve, one.reject);
      else if (its >= 200 && its < 300) one.resolve();
      else one.reject(new TransferError(its, its === 0 && !(await isReadable(one.upload.file)) ? "unreadable" : ""));
    }
  }

  return (upload, { onSent, signal }) => new Promise((resolve, reject) => wait({ upload, onSent, signal, resolve, reject }));
}

/**
 * @param {Waiting[]} some
 * @returns {Promise<{status: number, statuses?: number[]}>} status: of the request, 0 where there was no answer; statuses: of each file
 */
function ask(some) {
  return new Promise((resolve) => {
    const parts = some.map(({ upload: { path, file, replace } }) => {
      const head = { path, size: file.size, modified: Math.max(0, Math.floor(file.lastModified / 1000)), replace };
      return [new TextEncoder().encode(JSON.stringify(head) + "\n"), file];
    });
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    for (const { signal } of some) signal.addEventListener("abort", stop);
    let reported = 0;
    let end = 0; // in the body, of those that were reported
    request.upload.onprogress = ({ loaded }) => {
      for (; reported < some.length; reported++) {
        const [head, file] = /** @type {[Uint8Array, File]} */ (parts[reported]);
        if (end + head.length + file.size > loaded) return;
        end += head.length + file.size;
        some[reported].onSent(file.size);
      }
    };
    request.onabort = () => resolve({ status: STOPPED });
    request.onerror = () => resolve({ status: 0 });
    request.onload = () => resolve(answerOf(request));
    request.onloadend = () => {
      for (const { signal } of some) signal.removeEventListener("abort", stop);
    };
    request.open("POST", at("/api/uploads/files"));
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/vnd.thorpe.files");
    for (const [name, value] of Object.entries(accountHeader())) request.setRequestHeader(name, value);
    request.send(new Blob(parts.flat()));
  });
}

/** @param {XMLHttpRequest} request */
function answerOf({ status, response }) {
  if (status === 200 && Array.isArray(response?.statuses)) return { status, statuses: response.statuses };
  return { status: [401, 429].includes(status) || status >= 500 ? status : REFUSED };
}
