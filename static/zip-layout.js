/**
 * Where everything lies in a zip whose files are stored as they are (PKWARE's APPNOTE 6.3.10), and the records around them; all but the checksums is known before
 * the first byte. Zip64 stands where sizes, places or counts need it (4.3.9.2, 4.3.14, 4.5.3).
 *
 * layoutOf(entries) -> Layout                            entries: ZipEntry[] (zip.js), each with a time
 * localHeader(part), descriptor(part, crc)               before and after the bytes of a file; a folder has the header alone
 * directoryEntry(part, crc), endRecords(layout)          what follows all files
 * joined(...pieces)                                      in one buffer
 */

/**
 * @typedef {object} Part
 * @property {import("./zip.js").ZipEntry} entry
 * @property {Uint8Array<ArrayBuffer>} name UTF-8; a folder's ends with "/"
 * @property {number} at of its local header
 * @property {number} start of its bytes
 * @property {boolean} wide its size needs 64 bits
 *
 * @typedef {object} Layout
 * @property {Part[]} parts
 * @property {number} directoryAt
 * @property {number} directorySize
 * @property {boolean} wide the end record needs 64 bits
 * @property {number} size of the whole zip
 */

const most32 = 0xffffffff;
const most16 = 0xffff;
const utf8 = 0x0800; // the name's encoding
const described = 0x0008; // checksum and sizes follow the bytes
const version = 20;
const wideVersion = 45;
const fromUnix = 3 << 8;
const encoder = new TextEncoder();

/**
 * @param {import("./zip.js").ZipEntry[]} entries
 * @returns {Layout}
 */
export function layoutOf(entries) {
  let at = 0;
  const parts = entries.map((entry) => {
    const name = encoder.encode(entry.folder ? `${entry.zipName}/` : entry.zipName);
    const wide = entry.size >= most32;
    /** @type {Part} */
    const part = { entry, name, at, start: 0, wide };
    part.start = at + 30 + name.length + localExtra(part).length;
    at = part.start + (entry.folder ? 0 : entry.size + (wide ? 24 : 16));
    return part;
  });
  const directorySize = parts.reduce((sum, part) => sum + 46 + part.name.length + directoryExtra(part).length, 0);
  const wide = parts.length >= most16 || at >= most32 || directorySize >= most32;
  return { parts, directoryAt: at, directorySize, wide, size: at + directorySize + (wide ? 56 + 20 : 0) + 22 };
}

/** @param {Part} part */
export function localHeader(part) {
  const { entry, name, wide } = part;
  const record = new DataView(new ArrayBuffer(30));
  record.setUint32(0, 0x04034b50, true);
  record.setUint16(4, wide ? wideVersion : version, true);
  record.setUint16(6, entry.folder ? utf8 : utf8 | described, true);
  setTime(record, 10, entry.modified);
  if (wide) {
    record.setUint32(18, most32, true);
    record.setUint32(22, most32, true);
  }
  const extra = localExtra(part);
  record.setUint16(26, name.length, true);
  record.setUint16(28, extra.length, true);
  return joined(record, name, extra);
}

/**
 * @param {Part} part
 * @param {number} crc
 */
export function descriptor({ entry, wide }, crc) {
  const record = new DataView(new ArrayBuffer(wide ? 24 : 16));
  record.setUint32(0, 0x08074b50, true);
  record.setUint32(4, crc, true);
  for (const i of [0, 1]) {
    if (wide) record.setBigUint64(8 + 8 * i, BigInt(entry.size), true);
    else record.setUint32(8 + 4 * i, entry.size, true);
  }
  return joined(record);
}

/**
 * @param {Part} part
 * @param {number} crc
 */
export function directoryEntry(part, crc) {
  const { entry, name, at, wide } = part;
  const record = new DataView(new ArrayBuffer(46));
  const needed = wide || at >= most32 ? wideVersion : version;
  record.setUint32(0, 0x02014b50, true);
  record.setUint16(4, fromUnix | needed, true);
  record.setUint16(6, needed, true);
  record.setUint16(8, entry.folder ? utf8 : utf8 | described, true);
  setTime(record, 12, entry.modified);
  record.setUint32(16, crc, true);
  record.setUint32(20, Math.min(entry.size, most32), true);
  record.setUint32(24, Math.min(entry.size, most32), true);
  const extra = directoryExtra(part);
  record.setUint16(28, name.length, true);
  record.setUint16(30, extra.length, true);
  record.setUint16(40, entry.folder ? 0o40755 : 0o100644, true);
  record.setUint32(42, Math.min(at, most32), true);
  return joined(record, name, extra);
}

/** @param {Layout} layout */
export function endRecords({ parts, directoryAt, directorySize, wide }) {
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, Math.min(parts.length, most16), true);
  end.setUint16(10, Math.min(parts.length, most16), true);
  end.setUint32(12, Math.min(directorySize, most32), true);
  end.setUint32(16, Math.min(directoryAt, most32), true);
  if (!wide) return joined(end);
  const record = new DataView(new ArrayBuffer(56 + 20));
  record.setUint32(0, 0x06064b50, true);
  record.setBigUint64(4, 44n, true);
  record.setUint16(12, fromUnix | wideVersion, true);
  record.setUint16(14, wideVersion, true);
  record.setBigUint64(24, BigInt(parts.length), true);
  record.setBigUint64(32, BigInt(parts.length), true);
  record.setBigUint64(40, BigInt(directorySize), true);
  record.setBigUint64(48, BigInt(directoryAt), true);
  record.setUint32(56, 0x07064b50, true);
  record.setBigUint64(64, BigInt(directoryAt + directorySize), true);
  record.setUint32(72, 1, true);
  return joined(record, end);
}

/** @param {Part} part */
const localExtra = ({ entry, wide }) => new Uint8Array([...(wide ? extra64([entry.size, entry.size]) : []), ...extraTime(entry.modified)]);

/** @param {Part} part */
function directoryExtra({ entry, at, wide }) {
  const large = [...(wide ? [entry.size, entry.size] : []), ...(at >= most32 ? [at] : [])];
  return new Uint8Array([...(large.length > 0 ? extra64(large) : []), ...extraTime(entry.modified)]);
}

/** @param {number[]} values */
function extra64(values) {
  const field = new DataView(new ArrayBuffer(4 + 8 * values.length));
  field.setUint16(0, 0x0001, true);
  field.setUint16(2, 8 * values.length, true);
  values.forEach((value, i) => field.setBigUint64(4 + 8 * i, BigInt(value), true));
  return new Uint8Array(field.buffer);
}

/**
 * Info-ZIP's extended timestamp: seconds of UTC, where the old fields have two seconds of some local time.
 *
 * @param {Date | null} time
 */
function extraTime(time) {
  const seconds = Math.floor(Number(time) / 1000);
  if (!time || !(seconds >= 0 && seconds < 2 ** 31)) return new Uint8Array(0);
  const field = new DataView(new ArrayBuffer(9));
  field.setUint16(0, 0x5455, true);
  field.setUint16(2, 5, true);
  field.setUint8(4, 1);
  field.setUint32(5, seconds, true);
  return new Uint8Array(field.buffer);
}

/**
 * Zip counts its years from 1980 to 2107.
 *
 * @param {DataView} record
 * @param {number} at
 * @param {Date | null} time null: none is known
 */
function setTime(record, at, time) {
  const year = time?.getFullYear() ?? 0;
  const t = time && year >= 1980 && year <= 2107 ? time : year > 2107 ? new Date(2107, 11, 31) : new Date(1980, 0, 1);
  record.setUint16(at, (t.getHours() << 11) | (t.getMinutes() << 5) | (t.getSeconds() >> 1), true);
  record.setUint16(at + 2, ((t.getFullYear() - 1980) << 9) | ((t.getMonth() + 1) << 5) | t.getDate(), true);
}

/**
 * @param {...(DataView | Uint8Array)} pieces
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joined(...pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of pieces) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all;
}
