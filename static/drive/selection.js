/**
 * Which rows of a list are chosen, and where the keyboard stands: by path, so that it outlives a fresh listing. No DOM.
 *
 * @typedef {ReturnType<typeof selection>} Selection
 */

/**
 * @param {() => void} told  called after every change
 * @param {(path: string) => boolean} [withheld]  which cannot be chosen now
 */
export function selection(told, withheld) {
  /** @type {string[]} */
  let order = [];
  /** @type {Set<string>} */
  let chosen = new Set();
  let focus = "";
  let anchor = "";

  function changed() {
    if (withheld) for (const path of chosen) if (withheld(path)) chosen.delete(path);
    told();
  }

  /** @param {string} path */
  const indexOf = (path) => order.indexOf(path);

  return {
    /**
     * The list is new: what is no longer in it is no longer chosen.
     * @param {string[]} paths in the order in which they are shown
     */
    setPaths(paths) {
      const old = indexOf(focus);
      const there = new Set(paths);
      order = paths;
      chosen = new Set([...chosen].filter((path) => there.has(path)));
      if (!there.has(focus)) focus = paths[Math.min(Math.max(0, old), paths.length - 1)] ?? "";
      if (!there.has(anchor)) anchor = focus;
      changed();
    },
    has: /** @param {string} path */ (path) => chosen.has(path),
    get size() {
      return chosen.size;
    },
    /** The chosen paths, as they are shown. */
    paths: () => order.filter((path) => chosen.has(path)),
    /** The index the keyboard stands on, or -1 in an empty list. */
    /** @param {string} path */
    stands: (path) => path === focus,
    get focus() {
      return indexOf(focus);
    },
    /**
     * Only this one.
     * @param {number} index
     */
    only(index) {
      focus = anchor = order[index] ?? "";
      chosen = new Set(focus ? [focus] : []);
      changed();
    },
    /**
     * In or out, the others as they are.
     * @param {number} index
     */
    toggle(index) {
      focus = anchor = order[index] ?? "";
      if (!chosen.delete(focus) && focus) chosen.add(focus);
      changed();
    },
    /**
     * All from where the last choice was made to here.
     * @param {number} index
     */
    extend(index) {
      const from = Math.max(0, indexOf(anchor));
      focus = order[index] ?? "";
      chosen = new Set(order.slice(Math.min(from, index), Math.max(from, index) + 1));
      changed();
    },
    /**
     * Moves the keyboard alone.
     * @param {number} index
     */
    move(index) {
      focus = order[index] ?? "";
      changed();
    },
    /** @param {string[]} paths  these, as far as they are there, and no others */
    set(paths) {
      const there = new Set(order);
      chosen = new Set(paths.filter((path) => there.has(path)));
      changed();
    },
    /** What another view of the same entries needs to go on with it. */
    state: () => ({ chosen: [...chosen], focus, anchor }),
    /** @param {{chosen: string[], focus: string, anchor: string}} state  before setPaths, which drops what is not there */
    restore(state) {
      chosen = new Set(state.chosen);
      ({ focus, anchor } = state);
    },
    all() {
      chosen = new Set(order);
      changed();
    },
    none() {
      chosen = new Set();
      changed();
    },
  };
}
