/**
 * The CRC-32 of zip (ISO 3309), sixteen bytes at a time.
 *
 * crc32(bytes, crc?) -> number      crc: of what came before, 0 at the beginning
 */

/** Table k holds the CRC of a byte that k zero bytes follow. */
const tables = Array.from({ length: 16 }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  tables[0][byte] = crc;
}
for (let k = 1; k < 16; k++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[k - 1][byte];
    tables[k][byte] = (before >>> 8) ^ tables[0][before & 0xff];
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = tables;

/**
 * @param {Uint8Array} bytes
 * @param {number} [crc]
 * @returns {number} 0 to 2^32 - 1
 */
export function crc32(bytes, crc = 0) {
  let c = ~crc;
  let i = 0;
  for (const end = bytes.length - 15; i < end; i += 16) {
    c =
      t15[bytes[i] ^ (c & 0xff)] ^ t14[bytes[i + 1] ^ ((c >>> 8) & 0xff)] ^ t13[bytes[i + 2] ^ ((c >>> 16) & 0xff)] ^ t12[bytes[i + 3] ^ (c >>> 24)] ^
      t11[bytes[i + 4]] ^ t10[bytes[i + 5]] ^ t9[bytes[i + 6]] ^ t8[bytes[i + 7]] ^
      t7[bytes[i + 8]] ^ t6[bytes[i + 9]] ^ t5[bytes[i + 10]] ^ t4[bytes[i + 11]] ^
      t3[bytes[i + 12]] ^ t2[bytes[i + 13]] ^ t1[bytes[i + 14]] ^ t0[bytes[i + 15]];
  }
  for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]) & 0xff];
  return ~c >>> 0;
}
