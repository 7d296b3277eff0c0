/**
 * What page and worker of a download say to each other.
 *
 * @typedef {{entries: import("./zip.js").ZipEntry[], zip: boolean}} Job what is saved, and how; a structured clone of it is as good
 * @typedef {{at: number, mark?: import("./zip.js").Mark | null}} From at: bytes that the browser has; mark: the last before, of a zip
 * @typedef {Job & {recipe: import("./source.js").Recipe, port: MessagePort | null, file?: FileSystemFileHandle | null, from?: From}} Work
 *   port: to the service worker; null: into the file, or without one into memory
 */

/** Why a download ended where neither the server nor the content is at fault. */
export class DownloadError extends Error {
  /** @param {"needs_worker" | "stopped" | "worker_lost"} code */
  constructor(code) {
    super(sentences[code]);
    this.name = "DownloadError";
    /** @readonly */
    this.code = code;
  }
}

const sentences = {
  needs_worker: "this browser window cannot save files of this size",
  stopped: "the download was stopped",
  worker_lost: "the browser ended the download",
};

/**
 * Lets a number be told a few times a second, and the last one always.
 *
 * @param {(value: number) => void} tell
 * @returns {(value: number) => void}
 */
export function telling(tell) {
  let latest = 0;
  let timer = 0;
  return (value) => {
    latest = value;
    timer ||= Number(setTimeout(() => {
      timer = 0;
      tell(latest);
    }, 100));
  };
}
