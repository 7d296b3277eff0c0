/**
 * Why a box of an account or a recovery key was refused: the same names as shares/accountkeys/errors.go and the vectors.
 */

/** @type {Readonly<Record<string, string>>} */
const sentences = Object.freeze({
  bad_box: "what the server keeps for this account does not open",
  recovery_key_character: "the recovery key holds a character that no recovery key has",
  recovery_key_length: "a recovery key has 56 characters, in 14 groups of four",
  recovery_key_checksum: "there is a slip in the recovery key",
});

/** Why a box or a recovery key was refused; `code` is one of the names above. */
export class AccountKeysError extends Error {
  /**
   * @param {string} code
   * @param {{cause?: unknown}} [options]
   */
  constructor(code, options) {
    super(sentences[code] ?? code, options);
    this.name = "AccountKeysError";
    /** @readonly */
    this.code = code;
  }
}
