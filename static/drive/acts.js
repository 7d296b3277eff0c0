/**
 * What was done in the drive: whoever shows a folder is told that something in it is no longer what it was, and the last acts of this page can be taken back.
 *
 * onChanged(listener) -> () => void        the listener gets the folders; the function ends it
 * tellChanged(folders) -> Promise<void>    done when every listener has shown what is there now
 * didUndoable(text, undo, options?)        tells of an act by a toast with a button; Ctrl-Z takes it back as well
 * didForGood(text)                         something was done that is not taken back: Ctrl-Z says so, before it goes on to what was done earlier
 * forgetKept(gone)                         tells of what came out of the trash, or was deleted there for good: what would only bring that back is no act any more
 * undoLast()                               the newest first
 * withheld(entries, work) -> Promise       works on entries that nothing else is to be done with until then, such as while they are deleted
 * discard(drive, entries) -> Promise       deletes them, into the trash, and withholds them meanwhile
 * onWork.has(path), onWork.onChange        whether it is withheld, be it with a folder above it
 *
 * @typedef {{what: string, undo: () => Promise<boolean>, forget?: (gone: (id: string) => boolean) => boolean, close: () => void}} Act  what: said of it when it is taken back; undo: says
 * itself what went wrong; whether all of it was taken back; forget: leaves out what is gone, by its id in the trash; whether nothing is left to take back
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { later } from "../later.js";
import { parentOf } from "./place.js";

/** @typedef {import("../source.js").Entry} Entry */

const KEPT = 20;

/** The topic of what is told of undoing. */
export const UNDO = "undo";

/** @type {Set<(folders: Set<string>) => unknown>} */
const listeners = new Set();

/** @param {(folders: Set<string>) => unknown} listener  may return a promise */
export function onChanged(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @param {Iterable<string>} folders  their paths */
export async function tellChanged(folders) {
  const changed = new Set(folders);
  await Promise.allSettled([...listeners].map((listener) => listener(changed)));
}

/** What is being deleted or moved, by its path. @type {Set<string>} */
const busy = new Set();
/** @type {Set<() => void>} */
const watching = new Set();
let works = 0;

/** What lists show as withheld, and do not let be chosen. */
export const onWork = {
  /** @param {string} path */
  has(path) {
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
  works++;
  change((path) => busy.add(path));
  try {
    return await work(free);
  } finally {
    works--;
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

/** @type {Act[]} */
const acts = [];
let running = Promise.resolve();

/**
 * Tells of something that was done and can be taken back.
 * @param {string} text
 * @param {Act["undo"]} undo
 * @param {{forget?: Act["forget"], what?: string, quiet?: boolean, topic?: string}} [options]  what: was done, where the text says something else; topic: of toast.js; quiet: without a toast, where the list shows it
 */
export function didUndoable(text, undo, { forget, what = text, quiet = false, topic = "" } = {}) {
  /** @type {Act} */
  const act = { what, undo, forget, close: quiet ? () => {} : toast(text, { kind: "done", topic, only: topic === UNDO, action: t("drive.undo"), act: () => takeBack(act) }) };
  keep(act);
}

/** @param {string} what  was done, as a toast says it */
export function didForGood(what) {
  keep({ what, close: () => {}, undo: async () => {
    toast(t("drive.undo.never", { what }), { topic: UNDO, only: true });
    return false;
  } });
}

/** @param {Act} act */
function keep(act) {
  acts.push(act);
  if (acts.length > KEPT) acts.shift();
}

/** @param {(id: string) => boolean} gone */
export function forgetKept(gone) {
  for (const act of [...acts]) {
    if (!act.forget?.(gone)) continue;
    acts.splice(acts.indexOf(act), 1);
    act.close();
  }
}

/** Takes back the last act that is left, or says that there is none. */
export function undoLast() {
  const act = acts.at(-1);
  if (works > 0) toast(t("drive.undo.at_work"), { topic: UNDO, only: true });
  else if (act) takeBack(act);
  else toast(t("drive.undo.nothing"), { topic: UNDO, only: true });
}

/** @param {Act} act */
function takeBack(act) {
  const at = acts.indexOf(act);
  if (at < 0) return; // done by the key, while the toast stood there
  acts.splice(at, 1);
  act.close();
  // One after the other: the one before may be what this one stands on.
  running = running.then(async () => {
    if (await act.undo()) toast(t("drive.undone", { what: act.what }), { kind: "done", topic: UNDO, only: true });
  });
}
