/**
 * Moving, copying and deleting as a person sees it: a question where a name is taken, a line in the trays where it takes long, and at the end what was done,
 * with the way back. Each says itself what went wrong. Start from carry and discardAll.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./operations.js").Drive} Drive
 * @typedef {import("./operations.js").Failed} Failed
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { didForGood, didUndoable, tellChanged, UNDO, withheld } from "./acts.js";
import { askAboutCollision } from "./collision.js";
import { faultOf } from "./fault.js";
import { bringBackAll, removeAll, takeBackAll, transferAll } from "./operations.js";
import { atWork } from "./operation-tray.js";
import { nameOf, parentOf } from "./place.js";

/**
 * Moves or copies entries into a folder.
 * @param {Drive} drive
 * @param {Entry[]} entries
 * @param {string} to
 * @param {{copy?: boolean}} [options]
 * @returns {Promise<string[]>} the paths of what has arrived, after all lists show it
 */
export async function carry(drive, entries, to, { copy = false } = {}) {
  const wanted = topmost(entries).filter(({ path }) => copy || parentOf(path) !== to);
  const inItself = (/** @type {Entry} */ { path, folder }) => folder && `${to}/`.startsWith(`${path}/`);
  const refused = wanted.find(inItself);
  const chosen = wanted.filter((entry) => !inItself(entry));
  let arrived = /** @type {string[]} */ ([]);
  if (chosen.length > 0) arrived = (await (copy ? carryAll(drive, chosen, to, copy) : withheld(chosen, (free) => carryAll(drive, free, to, copy)))) ?? [];
  if (refused) toast(t("drive.into_itself", { name: refused.name }), { kind: "problem", topic: "carry" }); // after what went well, which takes older problems away
  return arrived;
}

/**
 * @param {Drive} drive
 * @param {Entry[]} chosen
 * @param {string} to
 * @param {boolean} copy
 */
async function carryAll(drive, chosen, to, copy) {
  const { done, arrived, failed } = await atWork(t(copy ? "drive.copying" : "drive.moving", { count: chosen.length, name: chosen[0].name }), chosen.length, (hooks) =>
    transferAll(drive, chosen, to, { copy, ask: askAboutCollision, ...hooks }),
  );
  const folders = new Set([to, ...done.map((step) => parentOf(step.to)), ...(copy ? [] : done.map(({ from }) => parentOf(from)))]);
  await tellChanged(folders);
  if (arrived.length > 0) {
    const where = to === "" ? t("drive.root") : nameOf(to);
    const what = t(copy ? "drive.copied" : "drive.moved", { count: arrived.length, folder: where });
    didUndoable(what, () => undoing(what, folders, done, (steps, hooks) => takeBackAll(drive, steps, { copy, ...hooks })), {
      topic: "carry",
      forget(gone) {
        forgotten(done, gone); // what it replaced; the move itself can be taken back all the same
        return false;
      },
    });
  }
  complainOf(failed, "carry"); // last: what was done takes away what was said before
  return arrived;
}

/**
 * Copies entries beside themselves.
 * @param {Drive} drive
 * @param {Entry[]} entries
 */
export async function duplicate(drive, entries) {
  const made = [];
  for (const folder of new Set(entries.map(({ path }) => parentOf(path)))) {
    made.push(...(await carry(drive, entries.filter(({ path }) => parentOf(path) === folder), folder, { copy: true })));
  }
  return made;
}

/**
 * Renames, unless the name is taken. What went wrong it leaves to its caller to say.
 * @param {Drive} drive
 * @param {string} from
 * @param {string} to
 * @returns {Promise<string>} why it was not done; empty where it was
 */
export async function renameTo(drive, from, to) {
  try {
    const kept = await drive.move(from, to);
    const folders = [parentOf(from)];
    const what = t("drive.renamed", { from: nameOf(from), name: nameOf(to) });
    didUndoable(what, () => undoing(what, folders, [{ from, to, kept }], (steps, hooks) => takeBackAll(drive, steps, hooks)), { topic: `rename ${from}` });
    return "";
  } catch (error) {
    return /** @type {{status?: number}} */ (error).status === 412 ? t("drive.name.taken", { name: nameOf(to) }) : faultOf(error);
  }
}

/**
 * Deletes entries, into the trash. Its caller withholds them meanwhile (acts.js).
 * @param {Drive} drive
 * @param {Entry[]} entries
 */
export async function discardAll(drive, entries) {
  const chosen = topmost(entries);
  const { done, failed } = await atWork(t("drive.removing", { count: chosen.length, name: chosen[0].name }), chosen.length, (hooks) => removeAll(drive, chosen, hooks));
  const folders = new Set(done.map(({ path }) => parentOf(path)));
  await tellChanged(folders);
  if (done.length === 0) return complainOf(failed, "remove");
  const text = t("drive.removed", { count: done.length, name: nameOf(done[0].path) });
  if (done.every(({ kept }) => kept.length === 0)) {
    toast(text, { kind: "done", topic: "remove" });
    didForGood(text);
  } else didUndoable(text, () => undoing(text, folders, done.filter(({ kept }) => kept.length > 0), restored), { forget: (gone) => forgotten(done, gone), topic: "remove" });
  complainOf(failed, "remove");
}

/**
 * Leaves out what came out of the trash in another way.
 * @param {{kept: string[]}[]} steps
 * @param {(id: string) => boolean} gone
 * @returns {boolean} whether nothing is left that they kept
 */
function forgotten(steps, gone) {
  for (const step of steps) step.kept = step.kept.filter((id) => !gone(id));
  return steps.every(({ kept }) => kept.length === 0);
}

/**
 * @param {{path: string, kept: string[]}[]} done
 * @param {import("./operations.js").Hooks} hooks
 */
async function restored(done, hooks) {
  const { failed, beside, left } = await bringBackAll(done, hooks);
  if (beside.length > 0) toast(t("drive.undo.beside", { name: nameOf(beside[0]) }));
  return { failed, left };
}

/**
 * Takes something back. What is left where it is stopped can be taken back later.
 * @template {{kept: string[], path?: string, from?: string}} T
 * @param {string} what  was done
 * @param {Iterable<string>} folders
 * @param {T[]} done
 * @param {(done: T[], hooks: import("./operations.js").Hooks) => Promise<{failed: Failed[], left: T[]}>} work
 * @returns {Promise<boolean>} whether all of it was
 */
export async function undoing(what, folders, done, work) {
  try {
    const name = nameOf(done[0]?.path ?? done[0]?.from ?? "");
    const { failed, left } = await atWork(t("drive.undoing", { count: done.length, name }), done.length, (hooks) => work(done, hooks));
    if (left.length > 0) {
      const text = t("drive.undo.stopped", { done: done.length - left.length - failed.length, all: done.length });
      didUndoable(text, () => undoing(what, folders, left, work), { what, topic: UNDO, forget: (gone) => forgotten(left, gone) && left.every(({ path }) => path !== undefined) });
    }
    complainOf(failed, "undone");
    return failed.length + left.length === 0;
  } finally {
    await tellChanged(folders);
  }
}

/** @param {Failed[]} failed @param {string} topic */
function complainOf(failed, topic) {
  const told = failed.filter(({ error }) => /** @type {{status?: unknown}} */ (error ?? {}).status !== 401); // that the session has ended is told by the app itself
  if (told.length > 0) toast(t("drive.some_failed", { count: told.length, name: told[0].name, why: faultOf(told[0].error) }), { kind: "problem", topic });
}

/**
 * Without what lies below another of them, and goes with that.
 * @param {Entry[]} entries
 */
function topmost(entries) {
  const folders = new Set(entries.filter(({ folder }) => folder).map(({ path }) => path));
  return entries.filter(({ path }) => {
    for (let above = parentOf(path); above !== ""; above = parentOf(above)) if (folders.has(above)) return false;
    return true;
  });
}
