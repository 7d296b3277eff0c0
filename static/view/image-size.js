/**
 * What kind of image bytes are and how large it is, read from its headers without decoding anything.
 *
 * imageSize(bytes) -> {type, width, height} | null       PNG, JPEG, GIF, WebP, AVIF and BMP; null for everything else, and for what is too broken to tell
 *
 * Where several sizes stand in a file (frames of an animation, items of an AVIF), the largest counts: what a decoder may allocate is what is asked for.
 */

/** @typedef {{type: string, width: number, height: number}} ImageSize */

/**
 * @param {Uint8Array} bytes of the whole file
 * @returns {ImageSize | null}
 */
export function imageSize(bytes) {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    for (const read of [png, jpeg, gif, webp, avif, bmp]) {
      const size = read(data);
      if (size) return size.width > 0 && size.height > 0 ? size : null;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a header that goes beyond the end
  }
  return null;
}

/**
 * @param {DataView} data
 * @param {number} at
 * @param {string} text
 */
function says(data, at, text) {
  if (at + text.length > data.byteLength) return false;
  for (let i = 0; i < text.length; i++) if (data.getUint8(at + i) !== text.charCodeAt(i)) return false;
  return true;
}

/** @param {DataView} data @returns {ImageSize | null} PNG, 11.2.2: IHDR comes first; the frames of an APNG lie within it */
function png(data) {
  if (!says(data, 0, "\x89PNG\r\n\x1a\n") || !says(data, 12, "IHDR")) return null;
  return { type: "image/png", width: data.getUint32(16), height: data.getUint32(20) };
}

/** @param {DataView} data @returns {ImageSize | null} JPEG, ITU-T T.81 B.2.2: the frame header; all of them up to the scan */
function jpeg(data) {
  if (data.getUint16(0) !== 0xffd8) return null;
  let width = 0;
  let height = 0;
  for (let at = 2; at + 4 <= data.byteLength; ) {
    if (data.getUint8(at) !== 0xff) return null;
    const marker = data.getUint8(at + 1);
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2; // stands alone
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      height = Math.max(height, data.getUint16(at + 5));
      width = Math.max(width, data.getUint16(at + 7));
    }
    at += 2 + Math.max(2, data.getUint16(at + 2));
  }
  return { type: "image/jpeg", width, height };
}

/** @param {DataView} data @returns {ImageSize | null} GIF89a: the screen, and each frame, which may reach beyond it */
function gif(data) {
  if (!says(data, 0, "GIF87a") && !says(data, 0, "GIF89a")) return null;
  let width = data.getUint16(6, true);
  let height = data.getUint16(8, true);
  let at = 13 + tableSize(data.getUint8(10));
  while (at < data.byteLength) {
    const block = data.getUint8(at);
    if (block === 0x3b) break;
    if (block === 0x2c && at + 10 <= data.byteLength) {
      width = Math.max(width, data.getUint16(at + 1, true) + data.getUint16(at + 5, true));
      height = Math.max(height, data.getUint16(at + 3, true) + data.getUint16(at + 7, true));
      at = afterBlocks(data, at + 11 + tableSize(data.getUint8(at + 9)));
    } else if (block === 0x21) {
      at = afterBlocks(data, at + 2);
    } else {
      break; // where the rest is no GIF, decoders stop as well
    }
  }
  return { type: "image/gif", width, height };
}

/** @param {number} flags */
const tableSize = (flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/**
 * @param {DataView} data
 * @param {number} at where sub-blocks begin, each with its length before it
 */
function afterBlocks(data, at) {
  while (at < data.byteLength && data.getUint8(at) !== 0) at += 1 + data.getUint8(at);
  return at + 1;
}

/** @param {DataView} data @returns {ImageSize | null} WebP, RFC 9649: canvas, lossy and lossless frames */
function webp(data) {
  if (!says(data, 0, "RIFF") || !says(data, 8, "WEBP")) return null;
  let width = 0;
  let height = 0;
  /** @param {number} w @param {number} h */
  const grow = (w, h) => {
    width = Math.max(width, w);
    height = Math.max(height, h);
  };
  /** @param {number} at */
  const uint24 = (at) => data.getUint16(at, true) | (data.getUint8(at + 2) << 16);
  for (let at = 12; at + 8 <= data.byteLength; ) {
    const body = at + 8;
    if (says(data, at, "VP8X")) grow(1 + uint24(body + 4), 1 + uint24(body + 7));
    else if (says(data, at, "VP8 ")) grow(data.getUint16(body + 6, true) & 0x3fff, data.getUint16(body + 8, true) & 0x3fff);
    else if (says(data, at, "VP8L")) {
      const bits = data.getUint32(body + 1, true);
      grow(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
    } else if (says(data, at, "ANMF")) {
      grow(2 * uint24(body) + 1 + uint24(body + 6), 2 * uint24(body + 3) + 1 + uint24(body + 9));
    }
    const length = data.getUint32(at + 4, true);
    at = body + length + (length & 1);
  }
  return { type: "image/webp", width, height };
}

/** @param {DataView} data @returns {ImageSize | null} AVIF: every "ispe" of ISO/IEC 23008-12, 6.5.3, and the tracks of a sequence */
function avif(data) {
  if (!says(data, 4, "ftyp")) return null;
  const end = Math.min(data.getUint32(0), data.byteLength);
  let found = false;
  for (let at = 8; at + 4 <= end; at += 4) found ||= says(data, at, "avif") || says(data, at, "avis");
  if (!found) return null;
  let width = 0;
  let height = 0;
  const holders = new Set(["meta", "iprp", "ipco", "moov", "trak"]);
  /** @param {number} from @param {number} to @param {number} depth */
  const walk = (from, to, depth) => {
    for (let at = from; at + 8 <= to; ) {
      let length = data.getUint32(at);
      let body = at + 8;
      if (length === 1) {
        length = Number(data.getBigUint64(at + 8));
        body = at + 16;
      } else if (length === 0) length = to - at;
      if (length < body - at) return;
      const name = String.fromCharCode(...[4, 5, 6, 7].map((i) => data.getUint8(at + i)));
      const stop = Math.min(at + length, to);
      if (name === "ispe") {
        width = Math.max(width, data.getUint32(body + 4));
        height = Math.max(height, data.getUint32(body + 8));
      } else if (name === "tkhd") { // 16.16 fixed point, at its end
        width = Math.max(width, data.getUint32(stop - 8) >>> 16);
        height = Math.max(height, data.getUint32(stop - 4) >>> 16);
      } else if (holders.has(name) && depth < 6) walk(name === "meta" ? body + 4 : body, stop, depth + 1);
      at += length;
    }
  };
  walk(0, data.byteLength, 0);
  return { type: "image/avif", width, height };
}

/** @param {DataView} data @returns {ImageSize | null} BMP: the old header has 16 bits, all others 32, where a height below zero means from top to bottom */
function bmp(data) {
  if (!says(data, 0, "BM")) return null;
  if (data.getUint32(14, true) === 12) return { type: "image/bmp", width: data.getUint16(18, true), height: data.getUint16(20, true) };
  return { type: "image/bmp", width: data.getInt32(18, true), height: Math.abs(data.getInt32(22, true)) };
}
