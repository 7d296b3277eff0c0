/**
 * Why a file did not reach the drive.
 */
export class TransferError extends Error {
  /**
   * @param {number} status of the server's answer; 0 where there was none
   * @param {string} [code] "unreadable" where the file itself cannot be read any more; else the server's, where it gave one
   * @param {boolean} [passes] whether what was in the way may pass by itself
   */
  constructor(status, code = "", passes = code === "" && [0, 429, 502, 503, 504].includes(status)) {
    super(`transfer: ${code || status}`);
    this.status = status;
    this.code = code;
    this.passes = passes;
  }
}

/**
 * Whether a file can still be read: a browser reports one that changed or went away during the upload like a broken network.
 * @param {File} file
 */
export async function stillReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
