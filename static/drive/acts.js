/**
 * What was done in the drive: the last acts of this page can be taken back. It is loaded with the first of them. Who shows what is told by changes.js.
 *
 * didUndoable(text, undo, options?)        tells of an act by a toast with a button; Ctrl-Z takes it back as well
 * didForGood(text)                         something was done that is not taken back: Ctrl-Z says so, before it goes on to what was done earlier
 * forgetKept(gone)                         tells of what came out of the trash, or was deleted there for good: what would only bring that back is no act any more
 * undoLast()                               the newest first
 *
 * @typedef {{what: string, undo: () => Promise<boolean>, forget?: (gone: (id: string) => boolean) => boolean, close: () => void}} Act  what: said of it when it is taken back; undo: says
 * itself what went wrong; whether all of it was taken back; forget: leaves out what is gone, by its id in the trash; whether nothing is left to take back
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { acts, isAtWork } from "./changes.js";

export { onChanged, tellChanged, withheld } from "./changes.js";

const KEPT = 20;

/** The topic of what is told of undoing. */
export const UNDO = "undo";

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
  if (isAtWork()) toast(t("drive.undo.at_work"), { topic: UNDO, only: true });
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
