/**
 * Whoever shows a folder is told that something in it is no longer what it was, and what is being deleted or moved until then.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { later } from "../later.js";
import { parentOf } from "./place.js";

/** @type {Set<(folders: Set<string>) => unknown>} */
const listeners = new Set();

/** @param {(folders: Set<string>) => unknown} listener  may return a promise @returns {() => void} ends it */
export function onChanged(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {Iterable<string>} folders  their paths @returns {Promise<void>} done when every listener has shown what is there now */
export async function tellChanged(folders) {
  const changed = new Set(folders);
  await Promise.allSettled([...listeners].map((listener) => listener(changed)));
}

/** What was done and could be asked to be taken back, the newest last: acts.js keeps them. @type {import("./acts.js").Act[]} */
export const acts = [];

/** What is being deleted or moved, by its path. @type {Set<string>} */
const busy = new Set();
/** @type {Set<() => void>} */
const watching = new Set();

/** Whether something is being deleted or moved. */
export const isAtWork = () => busy.size > 0;

/** What lists show as withheld, and do not let be chosen. */
export const onWork = {
  /** @param {string} path */
  has(path) { // or a folder above it
    if (busy.size > 0) for (let at = path; at !== ""; at = parentOf(at)) if (busy.has(at)) return true;
    return false;
  },
  /** @param {() => void} listener @returns {() => void} ends it */
  onChange(listener) {
    watching.add(listener);
    return () => void watching.delete(listener);
  },
};

/**
 * Works on entries, and withholds them until it is done and lists show it. Meanwhile nothing is taken back.
 * @template T
 * @param {Entry[]} entries
 * @param {(free: Entry[]) => Promise<T>} work  gets those that no other work withholds; it is not begun where there are none
 * @returns {Promise<T | undefined>}
 */
export async function withheld(entries, work) {
  const free = entries.filter(({ path }) => !onWork.has(path));
  if (free.length === 0) return undefined;
  const change = (/** @type {(path: string) => void} */ how) => {
    for (const { path } of free) how(path);
    for (const listener of watching) listener();
  };
  change((path) => busy.add(path));
  try {
    return await work(free);
  } finally {
    change((path) => busy.delete(path));
  }
}

/**
 * Deletes entries, into the trash.
 * @param {import("./operations.js").Drive} drive
 * @param {Entry[]} entries
 * @returns {Promise<boolean>} false where all of them are withheld
 */
export async function discard(drive, entries) {
  const begun = await withheld(entries, async (free) => {
    const { discardAll } = await later(() => import("./carrying.js"));
    await discardAll(drive, free);
    return true;
  });
  return begun === true;
}
