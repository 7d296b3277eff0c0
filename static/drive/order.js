/**
 * The order of a list: folders before files, then by the chosen column, then by name.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {"name" | "size" | "modified"} Column
 * @typedef {{by: Column, down: boolean}} Order
 */
import { compareNames } from "./names.js";

/** @type {Order} */
export const byName = { by: "name", down: false };

/**
 * The entries in order, as a new array.
 * @template {Entry} E
 * @param {readonly E[]} entries
 * @param {Order} order
 */
export function inOrder(entries, { by, down }) {
  const sign = down ? -1 : 1;
  return [...entries].sort((a, b) => {
    if (a.folder !== b.folder) return a.folder ? -1 : 1;
    const value = by === "size" ? a.size - b.size : by === "modified" ? timeOf(a) - timeOf(b) : compareNames(a.name, b.name);
    return sign * value || compareNames(a.name, b.name);
  });
}

/**
 * The order of a list in which some come first, such as what lies in the folder that is shown.
 * @param {(entry: Entry) => boolean} first
 */
export function hereFirst(first) {
  return (/** @type {readonly Entry[]} */ entries, /** @type {Order} */ order) => {
    const others = entries.filter((entry) => !first(entry));
    if (others.length === 0) return inOrder(entries, order);
    return [...inOrder(entries.filter(first), order), ...inOrder(others, order)];
  };
}

/** @param {Entry} entry */
function timeOf(entry) {
  return entry.modified ? entry.modified.getTime() : 0;
}

/**
 * The order after a person chose a column: the other way round where it was chosen already.
 * @param {Order} order
 * @param {Column} by
 * @returns {Order}
 */
export function turned(order, by) {
  if (order.by === by) return { by, down: !order.down };
  return { by, down: by !== "name" }; // the largest and the latest first
}
