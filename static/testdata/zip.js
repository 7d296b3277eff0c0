/**
 * Zips files that lie nowhere: for the bounds of the format, which no test can fill with real ones.
 */
import { safeEntries, zip, zipSize } from "../zip.js";

/** @typedef {import("../source.js").Entry} Entry */

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

/**
 * A reader of zeros.
 *
 * @returns {import("../reader.js").Reader}
 */
const zeros = () => ({
  read: async () => new Blob([]).stream(),
  async *readEach(entries) {
    const piece = new Uint8Array(4 << 20);
    for (const entry of entries) {
      const bytes = async function* () {
        for (let left = entry.size; left > 0; left -= piece.length) yield left >= piece.length ? piece : piece.subarray(0, left);
      };
      yield { entry, bytes: bytes() };
    }
  },
});

/**
 * @param {{path: string, size?: number, folder?: boolean}[]} wanted
 * @param {number} keep how many bytes of the end are given back
 */
export async function zipped(wanted, keep) {
  const entries = safeEntries(wanted.map(({ path, size = 0, folder = false }) => ({ path, name: path, folder, size, modified: new Date(2026, 7, 1, 10), type: "" })));
  let end = new Uint8Array(0);
  const held = new Uint8Array(8 << 20);
  let filled = 0;
  let size = 0;
  const release = () => {
    const all = new Uint8Array(end.length + filled);
    all.set(end);
    all.set(held.subarray(0, filled), end.length);
    end = all.slice(-keep);
    filled = 0;
  };
  for await (const piece of /** @type {any} */ (zip(zeros(), entries))) {
    size += piece.length;
    if (filled + piece.length > held.length) release();
    held.set(piece, filled);
    filled += piece.length;
  }
  release();
  return { size, predicted: zipSize(entries), end: base64(end) };
}

/**
 * @param {number} count
 */
export const manyFiles = (count) => zipped(Array.from({ length: count }, (_, i) => ({ path: `f/${i}` })), 1e9);
