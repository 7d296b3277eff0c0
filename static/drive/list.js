/**
 * A list of files: any number of entries in rows below a head that sorts them. How it behaves is in list-behaviour.js; this is what it looks like. Start
 * from fileList.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./order.js").Column} Column
 * @typedef {import("./list-behaviour.js").Surface} Surface
 */
import { el, fill } from "../ui/element.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { turned } from "./order.js";
import { kindOf } from "./kinds.js";
import { entriesView } from "./list-behaviour.js";
import { fileRow, isSame, markEntry, numberRow } from "./row.js";
import { windowed } from "./windowed.js";

/** @type {Column[]} */
const columns = ["name", "size", "modified"];

/** Kinds of which some have small pictures. @type {import("./kinds.js").Kind[]} */
const pictured = ["image", "video", "document"];

/** Ends when the browser has nothing else to do. */
const idle = () => new Promise((done) => ("requestIdleCallback" in globalThis ? requestIdleCallback(done, { timeout: 2000 }) : setTimeout(done, 300)));

/** @param {import("./list-behaviour.js").ViewOptions} options */
export function fileList(options) {
  return entriesView(options, listSurface);
}

/**
 * @param {import("./list-behaviour.js").Host} host
 * @returns {Surface}
 */
function listSurface({ options, entries, order, stateOf, kept, sort, chooseAll, chosenCount }) {
  const body = el("div", { class: "list-body", role: "rowgroup" });
  const head = el("div", { class: "row head-row", role: "row", "aria-rowindex": 1 });
  const element = el("div", { class: "rows list", role: "grid", "aria-label": options.label, "aria-multiselectable": "true" }, head, body);

  /** The rows made so far, by path: what did not change keeps its row, and a click on it is not lost. @type {Map<string, {row: HTMLElement, entry: Entry}>} */
  let made = new Map();

  const rows = windowed(body, {
    render(index) {
      const entry = entries()[index];
      const old = made.get(entry.path);
      const same = old?.row.isConnected && isSame(old.entry, entry);
      const row = same ? old.row : fileRow(entry, options);
      if (!same) picture(row, entry);
      made.set(entry.path, { row, entry });
      numberRow(row, index);
      markEntry(row, stateOf(index));
      return row;
    },
    keep: kept,
  });

  /** @type {Promise<ReturnType<typeof import("./row-pictures.js").rowPictures> | null> | null} */
  let loading = null;

  /**
   * @param {HTMLElement} row
   * @param {Entry} entry
   */
  function picture(row, entry) {
    if (!options.rowPictures || !pictured.includes(kindOf(entry))) return;
    loading ??= idle().then(options.rowPictures).catch(() => null);
    void loading.then((pictures) => row.isConnected && pictures?.watch(row, entry));
  }

  /** @type {import("./order.js").Order | null} */
  let drawn = null; // the order that the head says; it is drawn anew for another alone, lest it takes the focus from its buttons

  function drawHead() {
    if (drawn === order()) return;
    drawn = order();
    const { by, down } = drawn;
    fill(
      head,
      el(
        "div",
        { class: "pick", role: "columnheader" },
        el("input", { type: "checkbox", "aria-label": t("drive.choose_all"), "data-all": true }),
      ),
      columns.map((column) => {
        const sorted = by === column ? (down ? "descending" : "ascending") : null;
        return el(
          "div",
          { role: "columnheader", "aria-sort": sorted ?? "none", class: column === "size" ? "r" : "" },
          el("button", { type: "button", class: "sort", "data-column": column }, column === "modified" && options.time ? options.time.text : t(`drive.column.${column}`), sorted && icon(down ? "chevron-down" : "chevron-up")),
        );
      }),
      el("div", { role: "columnheader" }, el("span", { class: "unseen" }, t("drive.column.actions"))),
    );
  }

  /** The box of the head says whether all are chosen, some or none. */
  function markAll() {
    const box = head.querySelector("input");
    if (!box) return;
    const count = chosenCount();
    box.checked = count > 0 && count === entries().length;
    box.indeterminate = count > 0 && !box.checked;
  }

  head.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const column = /** @type {HTMLElement | null} */ (target.closest("[data-column]"))?.dataset.column;
    if (column) {
      sort(turned(order(), /** @type {Column} */ (column)));
      /** @type {HTMLElement | null} */ (head.querySelector(`[data-column="${column}"]`))?.focus();
    } else if (target.closest("[data-all]")) {
      chooseAll();
      markAll(); // it has turned itself already
    }
  });

  return {
    element,
    body,
    show() {
      drawHead();
      markAll();
      element.setAttribute("aria-rowcount", String(entries().length + 1));
      made = new Map([...made].filter(([, { row }]) => row.isConnected));
      rows.reset(entries().length);
    },
    mark() {
      markAll();
      for (const row of body.querySelectorAll(":scope > .row")) {
        const index = Number(/** @type {HTMLElement} */ (row).dataset.index);
        if (entries()[index]) markEntry(/** @type {HTMLElement} */ (row), stateOf(index));
      }
    },
    redraw(index) {
      made.delete(entries()[index].path);
      rows.redraw(index);
    },
    reveal: rows.reveal,
    nameOf: (row) => /** @type {HTMLElement} */ (row.querySelector(".n")),
    rectOf: (index) => new DOMRect(0, index * rows.height(), body.clientWidth, rows.height()),
    columns: () => 1,
    page: rows.page,
    end() {
      void loading?.then((pictures) => pictures?.end());
      rows.end();
    },
  };
}
