/**
 * The order of a list: folders before files, then by the chosen column, then by name.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {"name" | "size" | "modified" | "type"} Column
 * @typedef {{by: Column, down: boolean}} Order
 */
import { pacer } from "../pause.js";
import { kindOf } from "./kinds.js";
import { compareNames, splitName } from "./names.js";

/** @type {Order} */
export const byName = { by: "name", down: false };

/** @type {readonly Column[]} */
export const allColumns = ["name", "size", "modified", "type"];

/** Lists that are in the order of their names: comparing 10,000 of them once more takes as long as a person notices. @type {WeakSet<readonly Entry[]>} */
const named = new WeakSet();

/**
 * The entries in order, as a new array.
 * @template {Entry} E
 * @param {readonly E[]} entries
 * @param {Order} order
 */
export function inOrder(entries, { by, down }) {
  const sorted = named.has(entries) ? [...entries] : [...entries].sort(byNames);
  if (by === "name") return down ? turnedOver(sorted) : sorted;
  const sign = down ? -1 : 1;
  const valueOf = by === "size" ? sizeOf : by === "modified" ? timeOf : typeOf;
  // The sort is stable: what is alike stays in the order of its names.
  return sorted
    .map((entry) => ({ entry, value: valueOf(entry) }))
    .sort((a, b) => foldersFirst(a.entry, b.entry) || (a.value < b.value ? -sign : a.value > b.value ? sign : 0))
    .map(({ entry }) => entry);
}

const run = 500; // entries sorted at a time

/**
 * Folders first, then by name, in slices: 10,000 names take a good part of a second to compare.
 * @param {Entry[]} entries
 * @returns {Promise<Entry[]>}
 */
export async function inNameOrder(entries) {
  if (entries.length <= run) return known(entries.sort(byNames));
  const rest = pacer();
  /** @type {Entry[][]} */
  let runs = [];
  for (let at = 0; at < entries.length; at += run) {
    runs.push(entries.slice(at, at + run).sort(byNames));
    if (rest.due()) await rest.take();
  }
  while (runs.length > 1) {
    /** @type {Entry[][]} */
    const longer = [];
    for (let i = 0; i < runs.length; i += 2) longer.push(i + 1 < runs.length ? await merged(runs[i], runs[i + 1], rest) : runs[i]);
    runs = longer;
  }
  return known(runs[0]);
}

/** @param {Entry[]} sorted */
function known(sorted) {
  named.add(sorted);
  return sorted;
}

/**
 * @param {Entry[]} a
 * @param {Entry[]} b
 * @param {ReturnType<typeof pacer>} rest
 */
async function merged(a, b, rest) {
  const all = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    all.push(byNames(a[i], b[j]) <= 0 ? a[i++] : b[j++]);
    if ((all.length & 127) === 0 && rest.due()) await rest.take();
  }
  return all.concat(a.slice(i), b.slice(j));
}

/** @param {Entry} a @param {Entry} b */
const foldersFirst = (a, b) => Number(b.folder) - Number(a.folder);

/** @param {Entry} a @param {Entry} b */
const byNames = (a, b) => foldersFirst(a, b) || compareNames(a.name, b.name);

/**
 * @template {Entry} E
 * @param {E[]} sorted
 */
function turnedOver(sorted) {
  const files = sorted.filter(({ folder }) => !folder);
  return [...sorted.slice(0, sorted.length - files.length).reverse(), ...files.reverse()];
}

/** @param {Entry} entry */
const sizeOf = (entry) => entry.size;

/**
 * What a file is, to be sorted by: first its kind, then its extension.
 * @param {Entry} entry
 */
function typeOf(entry) {
  if (entry.folder) return "";
  return `${kindOf(entry)} ${splitName(entry.name)[1].toLowerCase()}`;
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
  return { by, down: by === "size" || by === "modified" }; // the largest and the latest first
}
