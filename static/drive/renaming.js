/**
 * Renaming in place from beginning to end. A name that was typed is never lost in silence: where it was not taken it is said why, with a way back to it, also after the
 * folder was left. Start from renameIn.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {Pick<import("./drive-context.js").DriveContext, "drive" | "pane" | "reread" | "signal">} Context
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { later } from "../later.js";
import { addressOf, join, nameOf, parentOf } from "./place.js";

/** What is to be typed on where its folder is shown next. @type {{path: string, typed: string} | null} */
let waiting = null;

/**
 * Lets a person type another name in the list, and renames.
 * @param {Entry} entry
 * @param {Context} context
 * @param {string} [typed]  what stands in the field at first, instead of the old name
 */
export async function renameIn(entry, context, typed) {
  const { drive, pane, reread, signal } = context;
  const answer = await pane.rename(entry, typed);
  if (!answer) return;
  const { name, left } = answer;
  let { fault } = answer;
  const to = join(parentOf(entry.path), name);
  if (!fault) {
    fault = await later(() => import("./carrying.js")).then(({ renameTo }) => renameTo(drive, entry.path, to), () => t("view.unavailable"));
    await reread();
    const has = (/** @type {string} */ path) => pane.entries().some((one) => one.path === path);
    if (fault && has(to) && !has(entry.path)) fault = ""; // it was done, and only the answer was lost
    if (!fault && !left && !signal.aborted) pane.choose(to);
  }
  if (!fault) return;
  const again = () => {
    if (!signal.aborted && pane.entries().some(({ path }) => path === entry.path)) return void renameIn(entry, context, name);
    waiting = { path: entry.path, typed: name };
    if (signal.aborted) navigate(addressOf(parentOf(entry.path)));
    else void reread().then(() => goOnRenaming(parentOf(entry.path), context));
  };
  toast(t("drive.rename.kept", { name: entry.name, typed: short(name), why: fault }), { kind: "problem", topic: `rename ${entry.path}`, keep: true, action: t("drive.rename.again"), act: again });
}

/**
 * Goes on where a name was typed, and the folder left before it was taken.
 * @param {string} folder  that is shown now
 * @param {Context} context
 */
export function goOnRenaming(folder, context) {
  const wanted = waiting;
  if (!wanted || parentOf(wanted.path) !== folder) return;
  waiting = null;
  const entry = context.pane.entries().find(({ path }) => path === wanted.path);
  if (entry) void renameIn(entry, context, wanted.typed);
  else toast(t("drive.rename.gone", { name: nameOf(wanted.path), typed: short(wanted.typed) }), { kind: "problem" });
}

/** A name may be too long, and is in a message with another. @param {string} name */
const short = (name) => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
