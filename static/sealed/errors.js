/**
 * Why a link, a password, a sealed stream or a manifest was refused: the same names as shares/sealed/errors.go and the vectors.
 *
 * Pages choose a sentence by `code`; `message` is that sentence in English.
 */

/** @type {Readonly<Record<string, string>>} */
const sentences = Object.freeze({
  // the link
  link_not_base64url: "this is not a link of ours: it holds characters that no link has",
  link_cut_off: "this link is cut off: its end is missing",
  link_too_long: "this link is too long: something was added to it",
  unknown_format: "this link was made by a newer version",
  unknown_flags: "this link was made by a newer version and needs something this one does not know",
  // the password
  password_needed: "this link needs a password",
  password_empty: "the password is empty",
  password_too_long: "the password is longer than 1,024 bytes",
  password_lone_surrogate: "the password holds half a character",
  password_control: "the password holds a control character",
  wrong_token: "the password is wrong",
  // the sealed stream, of a manifest or of the content
  bad_tag: "what the server holds was changed or damaged",
  cut_off: "what the server holds is cut off",
  too_long: "what the server holds is longer than what was sealed",
  bad_length: "what the server holds has a length that nothing sealed has",
  // the manifest
  manifest_too_long: "the list of files is too long",
  bad_utf8: "the list of files is not text",
  bad_json: "the list of files cannot be read",
  bad_member: "the list of files lacks something or holds it in a wrong form",
  bad_number: "the list of files holds a number that cannot be",
  lone_surrogate: "the list of files holds half a character",
  bad_key: "the list of files holds no usable key",
  text_too_long: "the title or the note is too long",
  bad_path: "the list of files holds a name that is not allowed",
  path_twice: "the list of files holds a name twice",
  path_conflict: "the list of files holds a name that is both a file and a folder",
});

export class SealedError extends Error {
  /**
   * @param {string} code one of the names above
   * @param {{cause?: unknown}} [options]
   */
  constructor(code, options) {
    super(sentences[code] ?? code, options);
    this.name = "SealedError";
    /** @readonly */
    this.code = code;
  }
}

/** The names there are, for tests and for pages that translate them. */
export const sealedCodes = Object.freeze(Object.keys(sentences));
