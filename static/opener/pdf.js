/**
 * view/pdf.js of the opener: what draws a PDF is larger than all else together, and is left out.
 */
import { ViewError } from "../view/view-error.js";

/** @returns {Promise<import("../view/viewer.js").View>} */
export async function view() {
  throw new ViewError("no_pdf");
}
