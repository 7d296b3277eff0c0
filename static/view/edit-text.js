/**
 * The bytes of a text file as what a person edits, and back: its byte order mark and its line ends are kept.
 *
 * decoded(bytes) -> {text, form}      text: lines end with \n; throws ViewError "binary" or "not_utf8"
 * encoded(text, form) -> Uint8Array
 *
 * @typedef {object} Form
 * @property {boolean} mark  whether it begins with a byte order mark
 * @property {"\n" | "\r\n" | "\r"} end  of its lines
 * @property {boolean} mixed  whether its lines end differently: once it is saved they all end alike
 */
import { ViewError } from "./view-error.js";

/**
 * @param {Uint8Array} bytes
 * @returns {{text: string, form: Form}}
 */
export function decoded(bytes) {
  let whole;
  try {
    whole = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ViewError("not_utf8");
  }
  if (whole.includes("\0")) throw new ViewError("binary");
  const mark = whole.startsWith("\ufeff");
  const ends = { "\r\n": 0, "\n": 0, "\r": 0 };
  for (const [end] of whole.matchAll(/\r\n|\n|\r/gu)) ends[/** @type {keyof typeof ends} */ (end)]++;
  const [end] = /** @type {(keyof typeof ends)[]} */ (["\n", "\r\n", "\r"]).sort((a, b) => ends[b] - ends[a]);
  return {
    text: whole.slice(mark ? 1 : 0).replace(/\r\n?/gu, "\n"),
    form: { mark, end, mixed: Object.values(ends).filter((count) => count > 0).length > 1 },
  };
}

/**
 * @param {string} text
 * @param {Form} form
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encoded(text, { mark, end }) {
  return new TextEncoder().encode((mark ? "\ufeff" : "") + text.replace(/\r\n?|\n/gu, end));
}
