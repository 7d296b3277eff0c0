/**
 * Why a file cannot be shown although nobody changed it. Its sentence is view.fault.CODE of the catalog.
 */
export class ViewError extends Error {
  /**
   * @param {"not_that" | "not_utf8" | "damaged" | "too_large" | "too_many_pixels" | "binary" | "needs_worker" | "no_codec" | "pdf_password" | "pdf_lost" | "no_pdf"} code
   * @param {Record<string, string | number>} [values] for the sentence
   */
  constructor(code, values = {}) {
    super(`view: ${code}`);
    this.name = "ViewError";
    /** @readonly */
    this.code = code;
    /** @readonly */
    this.values = values;
  }
}
