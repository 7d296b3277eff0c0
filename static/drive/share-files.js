/**
 * What goes into a link, while it is being put together: from this computer and from the drive, added and taken out again.
 *
 * @typedef {object} Load
 * @property {import("../send.js").SendItem[]} items
 * @property {string[]} folders  without files
 * @property {string[]} left  what could not be read
 * @property {FileSystemHandle[]} [handles]  to find what is from this computer again
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { faultOf } from "./fault.js";
import { compareNames } from "./names.js";
import { picture } from "./picture.js";

/** How many rows are shown at first, and how many more each time: a list of 10,000 would take seconds to lay out. */
const SHOWN = 50;

/**
 * @param {() => void} changed  called whenever it holds something else
 * @returns {{element: HTMLElement, fault: HTMLElement, add: (loading: Promise<Load>) => void, settled: () => Promise<Load>, load: () => Load, counting: () => boolean}}
 *   settled: what it holds once all is read; rejects where something could not be, which is told in `fault`
 */
export function shareFiles(changed) {
  const held = { items: /** @type {Load["items"]} */ ([]), folders: /** @type {string[]} */ ([]), left: /** @type {string[]} */ ([]), handles: /** @type {FileSystemHandle[]} */ ([]) };
  /** @type {Set<Promise<unknown>>} */
  const pending = new Set();
  let rows = SHOWN;
  /** @type {Set<string>} the folders whose files are shown */
  const open = new Set();

  const sum = el("span", { class: "share-sum", role: "status" }, t("share.counting"));
  const list = el("ul", { class: "share-list" });
  const look = el("details", { class: "share-look", toggle: () => draw() }, el("summary", {}, sum), list);
  const fault = el("div", { role: "alert" });

  /** @param {Promise<Load>} loading */
  function add(loading) {
    fill(fault);
    const merging = loading.then(merge);
    pending.add(merging);
    merging
      .catch((error) => {
        if (error?.name !== "AbortError") tell(faultOf(error));
      })
      .finally(() => {
        pending.delete(merging);
        draw();
      });
    draw();
  }

  /** @param {Load} more */
  function merge({ items, folders, left, handles = [] }) {
    const known = new Set(held.items.map(sameness));
    const fresh = items.filter((item) => !known.has(sameness(item)));
    held.items.push(...fresh);
    held.folders.push(...folders.filter((path) => !held.folders.includes(path)));
    held.left.push(...left);
    held.handles.push(...handles);
    const twice = items.length - fresh.length;
    if (twice > 0) tell(t("share.twice", { count: twice }), "");
    else if (held.items.length + held.folders.length === 0) tell(t("share.fault.no_files"));
  }

  /**
   * @param {string} words
   * @param {"bad" | ""} [kind]
   */
  function tell(words, kind = "bad") {
    fill(fault, el("div", { class: `notice ${kind}`.trim() }, icon(kind === "bad" ? "circle-alert" : "info"), el("p", {}, words)));
  }

  function draw() {
    const { items, folders } = held;
    sum.textContent = pending.size > 0 ? t("share.counting") : t("share.sum", { count: items.length, size: bytes(total(items)) });
    look.classList.toggle("bare", items.length + folders.length === 0);
    if (look.open) fill(list, ...lines());
    changed();
  }

  /** @returns {HTMLElement[]} */
  function lines() {
    /** @type {Map<string, import("../send.js").SendItem[]>} what lies at the top, with all its files */
    const tops = new Map();
    for (const path of held.folders) tops.set(topOf(path), []);
    for (const item of held.items) {
      const top = topOf(item.path);
      const inside = tops.get(top);
      if (inside) inside.push(item);
      else tops.set(top, [item]);
    }
    /** @type {(() => HTMLElement)[]} */
    const all = [];
    for (const [top, items] of tops) {
      const folder = items.length === 0 || items.some(({ path }) => path !== top);
      if (!folder) {
        for (const item of items) all.push(() => fileLine(item, item.path));
        continue;
      }
      all.push(() => folderLine(top, items));
      if (open.has(top)) for (const item of items.toSorted((a, b) => compareNames(a.path, b.path))) all.push(() => fileLine(item, item.path.slice(top.length + 1) || item.path, "inside"));
    }
    const shown = all.slice(0, rows).map((make) => make());
    if (all.length > rows) {
      shown.push(
        el("li", {}, button(t("share.show_more", { count: Math.min(SHOWN * 4, all.length - rows) }), {
          click() {
            rows += SHOWN * 4;
            draw();
          },
        })),
      );
    }
    return shown;
  }

  /**
   * @param {import("../send.js").SendItem} item
   * @param {string} name
   * @param {string} [className]
   */
  function fileLine(item, name, className = "") {
    return el(
      "li",
      { class: `share-line ${className}`.trim() },
      picture({ ...item, name: item.path.slice(item.path.lastIndexOf("/") + 1), folder: false }),
      el("bdi", { class: "cut", title: item.path }, name),
      el("small", {}, bytes(item.size)),
      iconButton("x", t("share.take_out", { name }), () => takeOut((other) => other === item)),
    );
  }

  /**
   * @param {string} top
   * @param {import("../send.js").SendItem[]} items
   */
  function folderLine(top, items) {
    const shown = open.has(top);
    const toggle = el(
      "button",
      {
        type: "button",
        class: "share-fold",
        "aria-expanded": String(shown),
        click() {
          if (shown) open.delete(top);
          else open.add(top);
          draw();
        },
      },
      icon(shown ? "chevron-down" : "chevron-right"),
      icon("folder", "folder"),
      el("bdi", { class: "cut", title: top }, top),
    );
    return el(
      "li",
      { class: "share-line" },
      toggle,
      el("small", {}, t("share.sum", { count: items.length, size: bytes(total(items)) })),
      iconButton("x", t("share.take_out", { name: top }), () => takeOut(({ path }) => topOf(path) === top, (path) => topOf(path) === top)),
    );
  }

  /**
   * @param {(item: import("../send.js").SendItem) => boolean} gone
   * @param {(path: string) => boolean} [goneFolder]
   */
  function takeOut(gone, goneFolder = () => false) {
    const at = [...list.querySelectorAll("button")].findIndex((button) => button === document.activeElement);
    held.items = held.items.filter((item) => !gone(item));
    held.folders = held.folders.filter((path) => !goneFolder(path));
    fill(fault);
    if (held.items.length + held.folders.length === 0) tell(t("share.fault.no_files"));
    draw();
    const buttons = list.querySelectorAll("button");
    buttons[Math.min(Math.max(0, at), buttons.length - 1)]?.focus(); // where the one stood that is gone
  }

  return {
    element: look,
    fault,
    add,
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
      return held;
    },
    load: () => held,
    counting: () => pending.size > 0,
  };
}

/** @param {import("../send.js").SendItem[]} items */
const total = (items) => items.reduce((sum, { size }) => sum + size, 0);

/** @param {string} path */
const topOf = (path) => path.split("/", 1)[0];

/**
 * What tells one file from another as far as a page can see: who adds the same thing twice means it once.
 * @param {import("../send.js").SendItem} item
 */
function sameness({ path, size, modified, from }) {
  return JSON.stringify([path, size, modified?.getTime() ?? null, from.kind === "drive" ? from.entry.path : null]);
}
