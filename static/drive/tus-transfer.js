/**
 * A large file on its way into the drive, by tus 1.0: after a break it goes on where the server stopped, also on a later day, for the browser
 * keeps the upload's address until it is done, and where it can a handle of the file (send-handles.js).
 */
import { Upload } from "../vendor/tus.js";
import { at, ownName } from "../base.js";
import { forgetHandles, keepOrigin } from "../send-handles.js";
import { accountHeader } from "../whose.js";
import { originOf } from "./picked.js";
import { stillReadable, TransferError } from "./transfer-error.js";
import { holdUpload } from "./tus-taken.js";

/**
 * What tus-js-client has beyond vendor/tus.d.ts.
 * @typedef {import("../vendor/tus.js").UploadOptions & {removeFingerprintOnSuccess: boolean, headers: Record<string, string>}} Options
 * @typedef {import("../vendor/tus.js").Upload & {findPreviousUploads(): Promise<object[]>, resumeFromPreviousUpload(previous: object): void}} Resumable
 */

/** @type {import("./uploads.js").Transfer} */
export function tusTransfer(queued, { onSent, signal }) {
  const { path, file, replace } = queued;
  let letGo = () => {};
  let keeping = Promise.resolve();
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    /** @type {Record<string, string>} */
    const metadata = { path, modified: new Date(file.lastModified).toISOString().replace(/\.\d+Z$/u, "Z") };
    if (!replace) metadata["if-none-match"] = "*";
    /** @type {Options} */
    const options = {
      endpoint: at("/api/uploads/drive"),
      uploadUrl: queued.address,
      metadata,
      headers: accountHeader(),
      retryDelays: [], // transfer.js tries again
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => [ownName("thorpe-drive"), document.body.dataset.account, path, file.size, file.lastModified, replace ? "replace" : "new"].join("\n"),
      onProgress: (sent) => onSent(sent),
      onUploadUrlAvailable() {
        letGo();
        letGo = holdUpload(upload.url ?? "");
        const origin = originOf(file);
        if (origin) keeping = keepOrigin(idOf(upload), origin);
      },
      onSuccess() {
        forget();
        end(resolve);
      },
      onError: refused,
    };
    const upload = /** @type {Resumable} */ (new Upload(file, options));

    /** @param {Error | import("../vendor/tus.js").DetailedError} error */
    function refused(error) {
      const answer = "originalResponse" in error ? error.originalResponse : null;
      const status = answer?.getStatus() ?? 0;
      const code = /"code":\s*"(\w+)"/u.exec(answer?.getBody() ?? "")?.[1] ?? "";
      const passing = passes(status, code);
      queued.address = upload.url; // all bytes may be there, and only the last step missing: another try takes it alone
      if (!passing && code !== "no_parent" && (status === 412 || status === 409)) {
        // The upload's own conditions will not come true any more: another try begins anew.
        queued.address = null;
        forget();
        upload.abort(true).catch(() => {});
      }
      void (status === 0 ? stillReadable(file) : Promise.resolve(true)).then((readable) => end(() => reject(readable ? new TransferError(status, code, passing) : new TransferError(0, "unreadable"))));
    }
    function forget() {
      void keeping.then(() => forgetHandles(idOf(upload)));
    }
    /** @param {() => void} then */
    function end(then) {
      signal.removeEventListener("abort", stop);
      letGo();
      then();
    }
    function stop() {
      // "cancel" also ends it on the server; should that not get through, the server forgets it after seven days.
      if (signal.reason === "cancel") forget();
      else queued.remains = upload.url;
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

/** @param {{url: string | null}} upload */
const idOf = ({ url }) => (url ?? "").slice((url ?? "").lastIndexOf("/") + 1);

/**
 * Whether waiting a little may help: no answer, a server that stumbled, or one that still holds the last request. A refusal is told at once.
 * @param {number} status
 * @param {string} code
 */
function passes(status, code) {
  if (status < 400 || status === 408 || status === 429 || (status >= 500 && status !== 507)) return true;
  return code === "upload_busy" || code === "wrong_offset";
}
