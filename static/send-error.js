/**
 * Why files could not be sent, where neither the server (ApiError) nor the format (SealedError) is the reason.
 */

/** @type {Readonly<Record<string, string>>} */
const sentences = Object.freeze({
  no_files: "there is nothing to send",
  source_changed: "a file changed while it was sent",
  unreadable: "a file cannot be read",
  upload_failed: "the upload failed",
  busy: "another tab of this browser sends it",
});

export class SendError extends Error {
  /**
   * @param {string} code one of the names above
   * @param {string} [path] the file it is about
   * @param {{cause?: unknown}} [options]
   */
  constructor(code, path = "", options) {
    super(sentences[code] ?? code, options);
    this.name = "SendError";
    /** @readonly */
    this.code = code;
    /** @readonly */
    this.path = path;
  }
}
