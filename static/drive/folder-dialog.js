/**
 * Asks for a folder of the drive to move, copy or upload things into: one level at a time, from the folder they are in. A new one can be made on the way.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog, shortened } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { tellChanged } from "./acts.js";
import { faultOf } from "./fault.js";
import { askFolderName } from "./name-dialog.js";
import { compareNames } from "./names.js";
import { join, nameOf, parentOf } from "./place.js";
import { scrolled } from "./scrolled.js";

/**
 * @param {{list(path: string): Promise<Entry[]>, makeFolder(path: string): Promise<unknown>}} source
 * @param {{from: string | null, moving: Entry[], copy?: boolean, title?: string, action?: string}} what  from: the folder that they are in; null: they are in none
 * @returns {Promise<string | undefined>} its path
 */
export function askFolder(source, { from, moving, copy = false, title, action = t(copy ? "drive.copy.here" : "drive.move.here") }) {
  const banned = new Set(moving.filter(({ folder }) => folder).map(({ path }) => path));
  let at = from ?? "";
  let turn = 0;
  /** @type {Set<string>} */
  let names = new Set();
  const where = el("p", { class: "sub", role: "status" });
  const up = el("div", {});
  const said = el("p", { class: "quiet" });
  const list = scrolled();
  const take = button(action, { kind: "primary", click: () => dialog.close(at) });
  const make = button(t("drive.new_folder"), { icon: "folder-plus", click: () => void makeFolder() });
  /** @type {import("../ui/dialog.js").Dialog<string>} */
  const dialog = openDialog({
    title: title ?? t(copy ? "drive.copy.title" : "drive.move.title", { count: moving.length, name: moving[0].name }),
    content: [where, el("div", { class: "places" }, up, said, list.element)],
    actions: [el("span", { class: "left" }, make), button(t("ui.cancel"), { click: () => dialog.close() }), take],
  });

  /** @param {string} path */
  async function go(path) {
    const mine = ++turn;
    at = path;
    where.textContent = shortened(t("drive.move.into", { folder: path === "" ? t("drive.root") : nameOf(path) }));
    take.disabled = !copy && moving.length > 0 && moving.every((entry) => parentOf(entry.path) === path);
    make.disabled = true;
    fill(up, path === "" ? null : place("arrow-left", t("drive.up"), () => void go(parentOf(path))));
    say(t("drive.loading"));
    list.show(0, () => el("div"));
    try {
      const all = await source.list(path);
      if (mine !== turn) return;
      names = new Set(all.map(({ name }) => name.normalize("NFC")));
      make.disabled = false;
      const folders = all.filter(({ folder, path: one }) => folder && !banned.has(one)).sort((a, b) => compareNames(a.name, b.name));
      list.show(folders.length, (index) => place("folder", folders[index].name, () => void go(folders[index].path)));
      say(folders.length === 0 ? t("drive.move.no_folders") : "");
    } catch (error) {
      if (mine === turn) say(faultOf(error));
    }
    (up.querySelector("button") ?? list.element.querySelector("button"))?.focus();
  }

  /** @param {string} text */
  function say(text) {
    said.textContent = text;
    said.hidden = text === "";
  }

  async function makeFolder() {
    const folder = at;
    const name = await askFolderName((wanted) => names.has(wanted));
    if (name === undefined) return;
    try {
      await source.makeFolder(join(folder, name));
      void tellChanged([folder]);
      await go(join(folder, name));
    } catch (error) {
      say(faultOf(error));
    }
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {() => void} click
   */
  function place(name, text, click) {
    return el("button", { type: "button", class: "place", click }, icon(name, name === "folder" ? "folder" : ""), el("bdi", { class: "cut" }, text));
  }

  void go(at);
  return dialog.closed;
}
