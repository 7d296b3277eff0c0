/**
 * The small picture that a camera puts into a JPEG beside the large one (Exif 2.32, 4.5.5: the second IFD), read from the file's first 64 KiB: enough for a row, where
 * megabytes need not be read.
 *
 * exifPicture(entry, {source, signal}) -> Promise<HTMLCanvasElement | null>       upright; null where there is none
 */
import { readAll } from "../source.js";
import { imageSize } from "./image-size.js";

const beginning = 64 << 10; // bytes; an Exif segment has no more
const mostPixels = 640 * 640;

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./thumbnails.js").Context} context
 * @returns {Promise<HTMLCanvasElement | null>}
 */
export async function exifPicture(entry, { source, signal }) {
  const end = Math.min(entry.size, beginning);
  const head = await readAll(await source.read(entry, { end, signal }), end);
  const found = exifThumbnail(head);
  const size = found && imageSize(found.bytes);
  if (!found || size?.type !== "image/jpeg" || size.width * size.height > mostPixels) return null;
  const bitmap = await createImageBitmap(new Blob([found.bytes], { type: size.type }), { imageOrientation: "none" }).catch(() => null);
  if (!bitmap) return null;
  try {
    return upright(bitmap, found.orientation, imageSize(head));
  } finally {
    bitmap.close();
  }
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} orientation  1 to 8, as in Exif
 * @param {{width: number, height: number} | null} whole  of the large picture: what the camera has added above, below or beside is cut off
 */
function upright(bitmap, orientation, whole) {
  const ratio = whole ? whole.width / whole.height : bitmap.width / bitmap.height;
  const width = Math.round(Math.min(bitmap.width, bitmap.height * ratio)) || 1;
  const height = Math.round(Math.min(bitmap.height, bitmap.width / ratio)) || 1;
  const lies = orientation > 4; // on its side
  const canvas = document.createElement("canvas");
  canvas.width = lies ? height : width;
  canvas.height = lies ? width : height;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.translate(canvas.width / 2, canvas.height / 2);
  if (orientation === 3 || orientation === 4) context.rotate(Math.PI);
  if (orientation === 5 || orientation === 6) context.rotate(Math.PI / 2);
  if (orientation === 7 || orientation === 8) context.rotate(-Math.PI / 2);
  if ([2, 4, 5, 7].includes(orientation)) context.scale(lies ? 1 : -1, lies ? -1 : 1);
  context.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
  return canvas;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes the beginning of a JPEG
 * @returns {{bytes: Uint8Array<ArrayBuffer>, orientation: number} | null}
 */
function exifThumbnail(bytes) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const at = exifAt(data);
    return at < 0 ? null : thumbnailIn(data, at);
  } catch (error) {
    if (error instanceof RangeError) return null; // something points beyond the end
    throw error;
  }
}

/**
 * Where the TIFF header of the Exif segment lies, or -1.
 * @param {DataView} data
 */
function exifAt(data) {
  if (data.getUint16(0) !== 0xffd8) return -1;
  for (let at = 2; at + 10 <= data.byteLength; at += 2 + data.getUint16(at + 2)) {
    const marker = data.getUint16(at);
    if (marker === 0xffe1 && data.getUint32(at + 4) === 0x45786966) return at + 10; // "Exif", and two zeros
    if ((marker & 0xfff0) !== 0xffe0 && marker !== 0xfffe) return -1; // neither of an application nor a comment
  }
  return -1;
}

/**
 * @param {DataView} data
 * @param {number} tiff
 */
function thumbnailIn(data, tiff) {
  const little = data.getUint16(tiff) === 0x4949;
  const first = tiff + data.getUint32(tiff + 4, little);
  /**
   * @param {number} ifd
   * @param {number} tag
   * @param {(at: number) => number} read  its value, which lies in the entry itself
   */
  const value = (ifd, tag, read) => {
    const count = Math.min(data.getUint16(ifd, little), 200);
    for (let i = 0; i < count; i++) if (data.getUint16(ifd + 2 + 12 * i, little) === tag) return read(ifd + 10 + 12 * i);
    return 0;
  };
  const long = (/** @type {number} */ at) => data.getUint32(at, little);
  const orientation = value(first, 0x0112, (at) => data.getUint16(at, little)) || 1;
  const second = data.getUint32(first + 2 + 12 * data.getUint16(first, little), little);
  if (second === 0) return null;
  const start = value(tiff + second, 0x0201, long);
  const length = value(tiff + second, 0x0202, long);
  const from = data.byteOffset + tiff + start;
  if (start === 0 || length === 0 || tiff + start + length > data.byteLength) return null;
  return { bytes: new Uint8Array(/** @type {ArrayBuffer} */ (data.buffer), from, length), orientation: orientation > 8 ? 1 : orientation };
}
