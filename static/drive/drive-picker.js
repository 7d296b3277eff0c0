/**
 * Asks for files and folders of the drive: one folder at a time, any number in it.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { faultOf } from "./fault.js";
import { nameOf, parentOf } from "./place.js";
import { picture } from "./picture.js";

const MOST = 2000; // rows: a folder of more is better chosen whole

/**
 * @param {{list(path: string): Promise<Entry[]>}} source
 * @returns {Promise<Entry[] | undefined>} all in one folder
 */
export function pickFromDrive(source) {
  /** @type {Map<string, Entry>} */
  const chosen = new Map();
  let turn = 0;
  const where = el("p", { class: "sub", role: "status" });
  const places = el("ul", { class: "places" });
  const take = button(t("share.add"), { kind: "primary", click: () => dialog.close([...chosen.values()]) });
  /** @type {import("../ui/dialog.js").Dialog<Entry[]>} */
  const dialog = openDialog({
    title: t("share.from_drive.title"),
    content: [where, places],
    actions: [button(t("ui.cancel"), { click: () => dialog.close() }), take],
  });

  function count() {
    take.disabled = chosen.size === 0;
  }

  /** @param {string} path */
  async function go(path) {
    const mine = ++turn;
    chosen.clear(); // what is chosen lies in the folder that is shown
    count();
    where.textContent = path === "" ? t("drive.root") : nameOf(path);
    const up = path === "" ? null : el("li", {}, el("button", { type: "button", class: "place", click: () => void go(parentOf(path)) }, icon("arrow-left"), el("span", {}, t("drive.up"))));
    fill(places, up, el("li", { class: "quiet" }, t("drive.loading")));
    try {
      const entries = await source.list(path);
      if (mine !== turn) return;
      const more = entries.length > MOST ? el("li", { class: "quiet" }, t("share.and_more", { count: entries.length - MOST })) : null;
      fill(places, up, entries.slice(0, MOST).map(line), more, entries.length === 0 ? el("li", { class: "quiet" }, t("share.from_drive.empty")) : null);
    } catch (error) {
      if (mine === turn) fill(places, up, el("li", { class: "quiet" }, faultOf(error)));
    }
    const first = places.querySelector("button, input");
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {Entry} entry */
  function line(entry) {
    const box = el("input", {
      type: "checkbox",
      "aria-label": t("drive.choose", { name: entry.name }),
      change() {
        if (box.checked) chosen.set(entry.path, entry);
        else chosen.delete(entry.path);
        count();
      },
    });
    if (!entry.folder) {
      return el("li", { class: "pick-line" }, el("label", { class: "place" }, box, picture(entry), el("bdi", { class: "cut" }, entry.name), el("small", {}, bytes(entry.size))));
    }
    const open = el("button", { type: "button", class: "place", click: () => void go(entry.path) }, picture(entry), el("bdi", { class: "cut" }, entry.name), icon("chevron-right", "end"));
    return el("li", { class: "pick-line folder" }, el("label", { class: "pick-box" }, box), open);
  }

  void go("");
  return dialog.closed;
}
