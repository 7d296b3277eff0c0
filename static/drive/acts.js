/**
 * What was done in the drive: whoever shows a folder is told that something in it is no longer what it was, and the last acts of this page can be taken back.
 *
 * onChanged(listener) -> () => void        the listener gets the folders; the function ends it
 * tellChanged(folders) -> Promise<void>    done when every listener has shown what is there now
 * didUndoable(text, undo)                  tells of an act by a toast with a button; Ctrl-Z takes it back as well
 * canUndo() -> boolean, undoLast()         the newest first
 *
 * @typedef {{undo: () => Promise<boolean>, close: () => void}} Act  undo: says itself what went wrong; whether all of it was taken back
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";

const KEPT = 20;

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

/** @type {Act[]} */
const acts = [];
let running = Promise.resolve();

/**
 * Tells of something that was done and can be taken back.
 * @param {string} text
 * @param {Act["undo"]} undo
 */
export function didUndoable(text, undo) {
  const act = { undo, close: toast(text, { kind: "done", action: t("drive.undo"), act: () => takeBack(act) }) };
  acts.push(act);
  if (acts.length > KEPT) acts.shift();
}

export const canUndo = () => acts.length > 0;

/** Takes back the last act that is left. */
export function undoLast() {
  const act = acts.at(-1);
  if (act) takeBack(act);
}

/** @param {Act} act */
function takeBack(act) {
  const at = acts.indexOf(act);
  if (at < 0) return; // done by the key, while the toast stood there
  acts.splice(at, 1);
  act.close();
  // One after the other: the one before may be what this one stands on.
  running = running.then(async () => {
    if (await act.undo()) toast(t("drive.undone"), { kind: "done" });
  });
}
