/**
 * Names of files: how they are ordered, where their extension begins, what name stands beside one that is taken, and which cannot be.
 */

const natural = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
const exact = new Intl.Collator(undefined, { numeric: true, sensitivity: "variant" });

/**
 * Natural order: "IMG 9" before "IMG 10", "b" between "A" and "C".
 * @param {string} a
 * @param {string} b
 */
export function compareNames(a, b) {
  return natural.compare(a, b) || exact.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * A name in two parts: what a person renames, and the extension with its dot. A name that begins with its only dot has no extension;
 * ".tar.gz" and its kin stay whole.
 * @param {string} name
 * @returns {[stem: string, extension: string]}
 */
export function splitName(name) {
  const end = /(\.tar)?\.[^.\s]{1,16}$/iu.exec(name);
  return end && end.index > 0 ? [name.slice(0, end.index), end[0]] : [name, ""];
}

/**
 * A free name like this one: "Lake (2).jpg" where "Lake.jpg" is taken, never longer than a name may be.
 * @param {string} name
 * @param {(name: string) => boolean} taken
 * @param {boolean} [folder] a folder's name has no extension
 */
export function nameBeside(name, taken, folder = false) {
  if (!taken(name)) return name;
  const [whole, extension] = folder ? [name, ""] : splitName(name);
  const stem = whole.replace(/ \(\d+\)$/u, "");
  for (let n = 2; ; n++) {
    const tail = ` (${n})${extension}`;
    const next = cut(stem, 255 - bytesOf(tail)) + tail;
    if (!taken(next)) return next;
  }
}

/**
 * What is wrong with a name that a person typed.
 * @param {string} name
 * @returns {"empty" | "slash" | "dots" | "long" | "control" | null}
 */
export function faultInName(name) {
  if (name.trim() === "") return "empty";
  if (name === "." || name === "..") return "dots";
  if (/[/\\]/u.test(name)) return "slash";
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(name)) return "control";
  if (bytesOf(name) > 255) return "long";
  return null;
}

/** @param {string} text */
function bytesOf(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * The beginning of a text that fits into so many bytes of UTF-8.
 * @param {string} text
 * @param {number} limit
 */
function cut(text, limit) {
  let out = "";
  let size = 0;
  for (const character of text) {
    size += bytesOf(character);
    if (size > limit) break;
    out += character;
  }
  return out;
}

/**
 * Whether a name has every word of a text in it, whatever its case and however its letters are composed, as the server's search has it.
 * @param {string} text
 * @returns {(name: string) => boolean}
 */
export function matcher(text) {
  const words = plain(text).split(/\s+/u).filter(Boolean);
  return (name) => {
    const own = plain(name);
    return words.every((word) => own.includes(word));
  };
}

/** @param {string} text */
const plain = (text) => text.normalize("NFC").toLowerCase();
