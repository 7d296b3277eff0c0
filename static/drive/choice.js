/**
 * Which files of a link are chosen, whatever view shows them. A folder is chosen by its files. No DOM.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {ReturnType<typeof choice>} Choice
 */

/**
 * @param {Entry[]} files  all that can be chosen, in the order in which they are told
 * @param {() => void} changed  called after every change
 */
export function choice(files, changed) {
  /** @type {Set<Entry>} */
  let chosen = new Set();
  return {
    /** @param {Entry} entry */
    has: (entry) => chosen.has(entry),
    get size() {
      return chosen.size;
    },
    entries: () => files.filter((entry) => chosen.has(entry)),
    /**
     * How much of it is chosen.
     * @param {Entry[]} entries
     * @returns {"all" | "some" | "none"}
     */
    of(entries) {
      let count = 0;
      for (const entry of entries) if (chosen.has(entry)) count++;
      return count === 0 ? "none" : count === entries.length ? "all" : "some";
    },
    /**
     * Puts these in or takes them out; the others stay as they are.
     * @param {Entry[]} entries
     * @param {boolean} on
     */
    set(entries, on) {
      for (const entry of entries) {
        if (on) chosen.add(entry);
        else chosen.delete(entry);
      }
      changed();
    },
    /** @param {Entry[]} entries  these and no others */
    only(entries) {
      chosen = new Set(entries);
      changed();
    },
    all() {
      chosen = new Set(files);
      changed();
    },
    none() {
      if (chosen.size === 0) return;
      chosen = new Set();
      changed();
    },
  };
}
