/**
 * A large file on its way into the drive, by tus 1.0: after a break it goes on where the server stopped, also on a later day, for the browser
 * keeps the upload's address (not the file) until it is done.
 */
import { Upload } from "../vendor/tus.js";
import { TransferError } from "./transfer-error.js";

/** @type {import("./uploads.js").Transfer} */
export function tusTransfer({ path, file, replace }, { onSent, signal }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    /** @type {Record<string, string>} */
    const metadata = { path, modified: new Date(Math.floor(file.lastModified / 1000) * 1000).toISOString().replace(".000", "") };
    if (!replace) metadata["if-none-match"] = "*";
    /** @type {import("../vendor/tus.js").UploadOptions & {removeFingerprintOnSuccess: boolean}} */
    const options = {
      endpoint: "/api/uploads/drive",
      metadata,
      retryDelays: [0, 1000, 3000, 8000, 20_000, 40_000],
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["thorpe-drive", path, file.size, file.lastModified, replace ? "replace" : "new"].join("\n"),
      onProgress: (sent) => onSent(sent),
      onSuccess: () => end(resolve),
      onError(error) {
        const status = error.originalResponse?.getStatus() ?? 0;
        // A refusal of the last step leaves all bytes with the server: nothing of it will be wanted as it is.
        if (status === 412 || status === 409) upload.abort(true).catch(() => {});
        end(() => reject(new TransferError(status)));
      },
    };
    /** @type {import("../vendor/tus.js").Upload & {findPreviousUploads(): Promise<object[]>, resumeFromPreviousUpload(previous: object): void}} */
    const upload = /** @type {any} */ (new Upload(file, options));

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
