/**
 * A large file on its way into the drive, by tus 1.0: after a break it goes on where the server stopped, also on a later day, for the browser
 * keeps the upload's address (not the file) until it is done.
 */
import { Upload } from "../vendor/tus.js";
import { TransferError } from "./transfer-error.js";

/**
 * What tus-js-client has beyond vendor/tus.d.ts.
 * @typedef {import("../vendor/tus.js").HttpRequest} Request
 * @typedef {import("../vendor/tus.js").HttpResponse} Answer
 * @typedef {import("../vendor/tus.js").UploadOptions & {removeFingerprintOnSuccess: boolean, onAfterResponse: (request: Request, answer: Answer) => void}} Options
 * @typedef {import("../vendor/tus.js").Upload & {findPreviousUploads(): Promise<object[]>, resumeFromPreviousUpload(previous: object): void}} Resumable
 */

/** @type {import("./uploads.js").Transfer} */
export function tusTransfer(queued, { onSent, signal }) {
  const { path, file, replace } = queued;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    /** @type {Record<string, string>} */
    const metadata = { path, modified: new Date(file.lastModified).toISOString().replace(/\.\d+Z$/u, "Z") };
    if (!replace) metadata["if-none-match"] = "*";
    let complete = false; // all bytes were with the server already: only the last step is missing, for which tus-js-client does not ask again
    /** @type {Options} */
    const options = {
      endpoint: "/api/uploads/drive",
      uploadUrl: queued.address,
      metadata,
      retryDelays: [0, 1000, 3000, 8000, 20_000, 40_000],
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["thorpe-drive", path, file.size, file.lastModified, replace ? "replace" : "new"].join("\n"),
      onProgress: (sent) => onSent(sent),
      onAfterResponse(request, answer) {
        if (request.getMethod() === "HEAD") complete = answer.getHeader("Upload-Offset") === String(file.size);
      },
      onSuccess() {
        if (!complete) return end(resolve);
        lastStep(upload.url ?? "", file.size).then((status) => (status >= 200 && status < 300 ? end(resolve) : refused(status)));
      },
      onError: (error) => refused(error.originalResponse?.getStatus() ?? 0),
    };
    const upload = /** @type {Resumable} */ (new Upload(file, options));

    /** @param {number} status */
    function refused(status) {
      queued.address = upload.url;
      if (status === 412 || status === 409) {
        // The upload's own conditions will not come true any more: another try begins anew.
        queued.address = null;
        upload.abort(true).catch(() => {});
      }
      end(() => reject(new TransferError(status)));
    }
    /** @param {() => void} then */
    function end(then) {
      signal.removeEventListener("abort", stop);
      then();
    }
    function stop() {
      // "cancel" also ends it on the server; should that not get through, the server forgets it after seven days.
      upload.abort(signal.reason === "cancel").catch(() => {});
      end(() => reject(signal.reason));
    }
    signal.addEventListener("abort", stop);

    if (queued.address) return upload.start();
    upload.findPreviousUploads().then(
      ([previous]) => {
        if (signal.aborted) return;
        if (previous) upload.resumeFromPreviousUpload(previous);
        upload.start();
      },
      () => upload.start(), // the browser keeps nothing, as in a private window: it begins at the beginning
    );
  });
}

/**
 * Asks the server once more to put a complete upload in its place: an empty PATCH at its end.
 * @param {string} url
 * @param {number} size
 * @returns {Promise<number>} the status of the answer; 0 where there is none
 */
async function lastStep(url, size) {
  const headers = { "Tus-Resumable": "1.0.0", "Upload-Offset": String(size), "Content-Type": "application/offset+octet-stream" };
  const answer = await fetch(url, { method: "PATCH", headers }).catch(() => null);
  return answer?.status ?? 0;
}
