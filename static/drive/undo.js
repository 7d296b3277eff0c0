/**
 * What can be taken back: the last acts of this page, newest first. An act is told by a toast with a button, and Ctrl-Z takes it back as well.
 *
 * @typedef {{undo: () => Promise<boolean>, close: () => void}} Act  undo: says itself what went wrong; whether all of it was taken back
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";

const KEPT = 20;

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
