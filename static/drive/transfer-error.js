/**
 * Why a file did not reach the drive.
 */
export class TransferError extends Error {
  /**
   * @param {number} status of the server's answer; 0 where there was none
   * @param {string} [code] "unreadable" where the file itself cannot be read any more
   */
  constructor(status, code = "") {
    super(`transfer: ${code || status}`);
    this.status = status;
    this.code = code;
  }
}
