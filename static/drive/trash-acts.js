/**
 * What can be done with things in the trash. Each says itself what went wrong.
 *
 * @typedef {import("./trash-list.js").Item} Item
 */
import { confirm } from "../ui/confirm.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { discardEach, emptyTrash, restoreEach } from "../trash.js";
import { didForGood, didUndoable, forgetKept, tellChanged } from "./acts.js";
import { undoing } from "./carrying.js";
import { complain, faultOf } from "./fault.js";
import { askFolder } from "./folder-dialog.js";
import { atWork } from "./operation-tray.js";
import { putAwayAgain } from "./operations.js";
import { addressOf, nameOf, parentOf } from "./place.js";

/**
 * @param {object} options
 * @param {import("./actions.js").Drive} options.drive
 * @param {() => string | null} options.newest  the id of what was deleted last, of what is shown
 */
export function trashActs({ drive, newest }) {
  /**
   * @param {Item[]} items
   * @param {string} [folder]
   */
  async function bringBack(items, folder) {
    // A folder before what was deleted out of it, and of several of one name the newest: that one gets the name.
    const order = [...items].sort((a, b) => depth(a.was) - depth(b.was) || (a.path < b.path ? 1 : -1));
    const { done: back, failed } = await each("trash.restoring", order, (ids, told, { signal }) => restoreEach(ids, told, { folder, signal }));
    forgetItems(back.map(({ item }) => item));
    if (back.length > 0) {
      const what = t("drive.undo.restored", { count: back.length, name: nameOf(back[0].path) });
      const folders = new Set(back.map(({ path }) => parentOf(path)));
      const steps = back.map(({ path }) => ({ from: path, kept: /** @type {string[]} */ ([]) }));
      didUndoable(what, () => undoing(what, folders, steps, (some, hooks) => putAwayAgain(drive, some, hooks)), { quiet: true });
    }
    await tellChanged(back.map(({ path }) => parentOf(path)));
    tellBack(back);
    tellFailed(failed, folder === undefined);
  }

  return {
    /** @param {Item[]} items */
    restore: (items) => bringBack(items),
    /** @param {Item[]} items */
    async restoreTo(items) {
      const title = t("trash.restore_to.title", { count: items.length, name: items[0].name });
      const folder = await askFolder(drive, { from: null, moving: items, title, action: t("trash.restore_here") });
      if (folder !== undefined) await bringBack(items, folder);
    },
    /** @param {Item[]} items */
    async discard(items) {
      const sure = await confirm({
        title: items.length === 1 ? t("trash.discard.title_one", { name: items[0].name }) : t("trash.discard.title", { count: items.length }),
        text: t("trash.discard.text"),
        action: t("trash.discard"),
        danger: true,
      });
      if (!sure) return;
      const { done, failed } = await each("trash.discarding", items, discardEach);
      forgetItems(done.map(({ item }) => item));
      await tellChanged([]);
      if (done.length > 0) tellGone(done.length);
      tellFailed(failed, false);
    },
    async empty() {
      const last = newest();
      if (last === null) return;
      const sure = await confirm({ title: t("trash.empty.title"), text: t("trash.empty.text"), action: t("trash.empty"), danger: true });
      if (!sure) return;
      try {
        const { items } = await emptyTrash(last);
        forgetKept((id) => id <= last); // they begin with when it was
        tellGone(items);
      } catch (error) {
        complain(error);
      }
      await tellChanged([]);
    },
  };
}

/** @param {string} path */
const depth = (path) => path.split("/").length;

/** @param {Item[]} items  that are in the trash no more */
function forgetItems(items) {
  const ids = new Set(items.map(({ path }) => path));
  forgetKept((id) => ids.has(id));
}

/**
 * Does something to one after the other, with a line in the trays that stops it, and goes on past what fails.
 * @param {"trash.restoring" | "trash.discarding"} title
 * @param {Item[]} items
 * @param {(ids: string[], told: import("../trash.js").Told, hooks: {signal: AbortSignal}) => Promise<void>} work
 */
async function each(title, items, work) {
  /** @type {{item: Item, path: string}[]} */
  const done = [];
  /** @type {{item: Item, error: unknown}[]} */
  const failed = [];
  await atWork(t(title, { count: items.length, name: items[0].name }), items.length, ({ signal, progress }) =>
    work(items.map(({ path }) => path), (index, { path, error }) => {
      if (path === undefined) failed.push({ item: items[index], error });
      else done.push({ item: items[index], path });
      progress(done.length + failed.length);
    }, { signal }));
  return { done, failed };
}

/** @param {number} count */
function tellGone(count) {
  const what = t("trash.discarded", { count });
  toast(what, { kind: "done", topic: "trash" });
  didForGood(what);
}

/** @param {{item: Item, path: string}[]} back */
function tellBack(back) {
  if (back.length === 0) return;
  const [{ item, path }] = back;
  const folder = parentOf(path);
  const values = { name: item.name, as: nameOf(path), folder: folder === "" ? t("drive.root") : nameOf(folder), count: back.length };
  const text = back.length > 1 ? t("trash.restored", values) : t(nameOf(path) === item.name ? "trash.restored_one" : "trash.restored_as", values);
  toast(text, { kind: "done", topic: "trash", action: t("trash.show"), act: () => navigate(addressOf(folder)) });
}

/**
 * @param {{item: Item, error: unknown}[]} failed
 * @param {boolean} home  to where they were
 */
function tellFailed(failed, home) {
  if (failed.length === 0) return;
  const [{ item, error }] = failed;
  const inTheWay = home && /** @type {{code?: string}} */ (error).code === "no_parent";
  toast(t("drive.some_failed", { count: failed.length, name: item.name, why: inTheWay ? t("trash.in_the_way") : faultOf(error) }), { kind: "problem", topic: "trash" });
}
