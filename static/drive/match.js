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
