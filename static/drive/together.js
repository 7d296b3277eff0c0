/**
 * Small files on their way into the drive, many in one request: a browser spends more on a request than on a small file. Start from together.
 *
 * @typedef {import("./uploads.js").Upload} Upload
 * @typedef {import("./uploads.js").Transfer} Transfer
 * @typedef {{upload: Upload, onSent: (bytes: number) => void, signal: AbortSignal, cut: AbortSignal, resolve: () => void, reject: (reason: unknown) => void}} Waiting
 */
import { at } from "../base.js";
import { accountHeader } from "../whose.js";
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

  /** @param {Waiting[]} all */
  async function send(all) {
    if (all.length === 1 || apart) {
      for (const one of all) alone(one.upload, one).then(one.resolve, one.reject);
      return;
    }
    const contents = await Promise.all(all.map(contentOf)); // side by side, where a request reads them one after the other
    const some = all.filter((_, i) => contents[i]);
    if (some.length === 0) return;
    const { status, statuses } = await ask(some, contents.filter((content) => content !== null));
    if (status === REFUSED) apart = true;
    for (const [index, one] of some.entries()) {
      const its = statuses ? (statuses[index] ?? 500) : status;
      if (its >= 200 && its < 300) one.resolve(); // it lies there, whatever was asked for meanwhile
      else if (one.signal.aborted) one.reject(one.signal.reason);
      else if (status === STOPPED) wait(one); // another of them was paused
      else if (status === REFUSED) alone(one.upload, one).then(one.resolve, one.reject);
      else one.reject(new TransferError(its));
    }
  }

  return (upload, hooks) => new Promise((resolve, reject) => wait({ upload, ...hooks, resolve, reject }));
}

/**
 * What stands in a small file; null where it cannot be read, which is told.
 * @param {Waiting} one
 */
async function contentOf({ upload: { file }, reject }) {
  try {
    return await file.arrayBuffer();
  } catch {
    reject(new TransferError(0, "unreadable"));
    return null;
  }
}

/**
 * @param {Waiting[]} some
 * @param {ArrayBuffer[]} contents
 * @returns {Promise<{status: number, statuses?: number[]}>} status: of the request, 0 where there was no answer; statuses: of each file
 */
function ask(some, contents) {
  return new Promise((resolve) => {
    if (some.some(({ signal }) => signal.aborted)) return resolve({ status: STOPPED });
    const parts = some.map(({ upload: { path, file, replace } }, i) => {
      const head = { path, size: contents[i].byteLength, modified: Math.max(0, Math.floor(file.lastModified / 1000)), replace };
      return [new TextEncoder().encode(JSON.stringify(head) + "\n"), contents[i]];
    });
    const request = new XMLHttpRequest();
    /** What is canceled under way ends: nobody could tell afterwards how many of them the server took. @param {Event} event */
    const stop = ({ target }) => {
      if (/** @type {AbortSignal} */ (target).reason !== "cancel") request.abort();
    };
    const cutOff = () => request.abort();
    const [{ cut }] = some;
    cut.addEventListener("abort", cutOff);
    for (const { signal } of some) signal.addEventListener("abort", stop);
    let sum = 0;
    const ends = parts.map(([head, content]) => (sum += head.byteLength + content.byteLength)); // of each, in the body
    let sent = 0;
    request.upload.onprogress = ({ loaded }) => {
      for (; ends[sent] <= loaded; sent++) some[sent].onSent(contents[sent].byteLength);
    };
    request.onabort = () => resolve({ status: STOPPED });
    request.onerror = () => resolve({ status: 0 });
    request.onload = () => resolve(answerOf(request));
    request.onloadend = () => {
      cut.removeEventListener("abort", cutOff);
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
