/**
 * Asks for a folder of the drive to move or upload things into: one level at a time, from the folder they are in.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { faultOf } from "./fault.js";
import { compareNames } from "./names.js";
import { nameOf, parentOf } from "./place.js";

/**
 * @param {{list(path: string): Promise<Entry[]>}} source
 * @param {{from: string | null, moving: Entry[], title?: string, action?: string}} what  from: the folder that they are in, which is none to choose; null: they are in none
 * @returns {Promise<string | undefined>} its path
 */
export function askFolder(source, { from, moving, title, action = t("drive.move.here") }) {
  const banned = new Set(moving.filter(({ folder }) => folder).map(({ path }) => path));
  let at = from ?? "";
  let turn = 0;
  const where = el("p", { class: "sub", role: "status" });
  const places = el("ul", { class: "places" });
  const move = button(action, { kind: "primary", click: () => dialog.close(at) });
  /** @type {import("../ui/dialog.js").Dialog<string>} */
  const dialog = openDialog({
    title: title ?? t("drive.move.title", { count: moving.length, name: moving[0].name }),
    content: [where, places],
    actions: [button(t("ui.cancel"), { click: () => dialog.close() }), move],
  });

  /** @param {string} path */
  async function go(path) {
    const mine = ++turn;
    at = path;
    where.textContent = t("drive.move.into", { folder: path === "" ? t("drive.root") : nameOf(path) });
    move.disabled = path === from;
    const up = path === "" ? null : line("arrow-left", t("drive.up"), () => void go(parentOf(path)));
    fill(places, up, el("li", { class: "quiet" }, t("drive.loading")));
    try {
      const folders = (await source.list(path)).filter(({ folder, path: p }) => folder && !banned.has(p)).sort((a, b) => compareNames(a.name, b.name));
      if (mine !== turn) return;
      fill(places, up, folders.map((folder) => line("folder", folder.name, () => void go(folder.path))), folders.length === 0 ? el("li", { class: "quiet" }, t("drive.move.no_folders")) : null);
    } catch (error) {
      if (mine === turn) fill(places, up, el("li", { class: "quiet" }, faultOf(error)));
    }
    places.querySelector("button")?.focus();
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {() => void} click
   */
  function line(name, text, click) {
    return el("li", {}, el("button", { type: "button", class: "place", click }, icon(name, name === "folder" ? "folder" : ""), el("bdi", { class: "cut" }, text)));
  }

  void go(at);
  return dialog.closed;
}
