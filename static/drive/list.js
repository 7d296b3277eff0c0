/**
 * A list of files: any number of entries, chosen with pointer or keyboard as in a file explorer. It knows nothing of where the entries come
 * from; what is to be done with them it says through its options. Start from fileList.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./order.js").Column} Column
 *
 * @typedef {object} ListOptions
 * @property {string} label  read aloud
 * @property {((entry: Entry) => string) | null} hrefOf  null: the names lead nowhere, and are buttons
 * @property {(entry: Entry) => string} [whereOf]  the folder that is told beside a name
 * @property {import("./row.js").RowOptions["actions"]} actions  the last one opens the menu
 * @property {(entry: Entry, event: Event) => void} open
 * @property {(action: string, entry: Entry, button: HTMLElement) => void} act
 * @property {(at: Element | {x: number, y: number}) => void} menu  for what is chosen
 * @property {(key: "rename" | "remove") => void} key  F2 and Delete
 * @property {() => void} changed  what is chosen has changed
 *
 * @typedef {ReturnType<typeof fileList>} FileList
 */
import { el, fill } from "../ui/element.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { byName, inOrder, turned } from "./order.js";
import { fileRow, isSame, markRow, numberRow } from "./row.js";
import { askName } from "./rename.js";
import { listKeys } from "./list-keys.js";
import { selection } from "./selection.js";
import { windowed } from "./windowed.js";

/** @type {Column[]} */
const columns = ["name", "size", "modified"];

/** @param {ListOptions} options */
export function fileList(options) {
  /** @type {Entry[]} */
  let entries = [];
  let order = byName;
  let renaming = -1;
  /** @type {Entry[] | null} */
  let waiting = null; // a listing that came while a name was being typed

  const body = el("div", { class: "list-body", role: "rowgroup" });
  const head = el("div", { class: "row head-row", role: "row", "aria-rowindex": 1 });
  const element = el("div", { class: "rows list", role: "grid", "aria-label": options.label, "aria-multiselectable": "true" }, head, body);

  /** The rows made so far, by path: what did not change keeps its row, and a click on it is not lost. @type {Map<string, {row: HTMLElement, entry: Entry}>} */
  let made = new Map();

  const chosen = selection(mark);
  const rows = windowed(body, {
    render(index) {
      const entry = entries[index];
      const old = made.get(entry.path);
      const row = old?.row.isConnected && isSame(old.entry, entry) ? old.row : fileRow(entry, options);
      made.set(entry.path, { row, entry });
      numberRow(row, index);
      markRow(row, stateOf(index));
      return row;
    },
    keep: () => (renaming >= 0 ? renaming : chosen.focus),
  });

  /** @param {number} index */
  function stateOf(index) {
    return { chosen: chosen.has(entries[index].path), focused: index === chosen.focus };
  }

  function mark() {
    for (const row of body.querySelectorAll(":scope > .row")) {
      const index = Number(/** @type {HTMLElement} */ (row).dataset.index);
      if (entries[index]) markRow(/** @type {HTMLElement} */ (row), stateOf(index));
    }
    element.classList.toggle("choosing", chosen.size > 0);
    options.changed();
  }

  /** @param {number} index */
  function focus(index) {
    if (entries[index]) rows.reveal(index).focus({ preventScroll: true });
  }

  function drawHead() {
    fill(
      head,
      el(
        "div",
        { class: "pick", role: "columnheader" },
        el("input", { type: "checkbox", "aria-label": t("drive.choose_all"), "data-all": true }),
      ),
      columns.map((column) => {
        const sorted = order.by === column ? (order.down ? "descending" : "ascending") : null;
        return el(
          "div",
          { role: "columnheader", "aria-sort": sorted ?? "none", class: column === "size" ? "r" : "" },
          el("button", { type: "button", class: "sort", "data-column": column }, t(`drive.column.${column}`), sorted && icon(order.down ? "chevron-down" : "chevron-up")),
        );
      }),
      el("div", { role: "columnheader" }, el("span", { class: "unseen" }, t("drive.column.actions"))),
    );
  }

  /**
   * @param {Event} event
   * @returns {number} the index of the row it happened in, or -1
   */
  function indexAt(event) {
    const row = event.target instanceof Element ? event.target.closest(".list-body > .row") : null;
    return row instanceof HTMLElement ? Number(row.dataset.index) : -1;
  }

  head.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    const column = /** @type {HTMLElement | null} */ (target.closest("[data-column]"))?.dataset.column;
    if (column) {
      order = turned(order, /** @type {Column} */ (column));
      show(entries);
      /** @type {HTMLElement | null} */ (head.querySelector(`[data-column="${column}"]`))?.focus();
    } else if (target.closest("[data-all]")) {
      if (chosen.size === entries.length) chosen.none();
      else chosen.all();
    }
  });

  body.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming || !(event.target instanceof Element)) return;
    const button = event.target.closest("button");
    const many = event.ctrlKey || event.metaKey;
    const name = button?.classList.contains("name");
    if (button && !name) {
      if (!chosen.has(entries[index].path)) chosen.only(index);
      options.act(button.dataset.action ?? "", entries[index], button);
    } else if (event.shiftKey || many) {
      event.preventDefault();
      if (event.shiftKey) chosen.extend(index);
      else chosen.toggle(index);
      focus(index);
    } else if (event.target.closest(".pick")) {
      chosen.toggle(index);
      mark(); // the checkbox has turned itself already
      focus(index);
    } else if (name || event.target.closest("a")) {
      options.open(entries[index], event);
    } else {
      chosen.only(index);
      focus(index);
    }
  });
  body.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault(); // no text gets marked
  });
  body.addEventListener("dblclick", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming || (event.target instanceof Element && event.target.closest("button, a, .pick"))) return;
    options.open(entries[index], event);
  });
  body.addEventListener("contextmenu", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming) return;
    event.preventDefault();
    if (!chosen.has(entries[index].path)) chosen.only(index);
    focus(index);
    options.menu({ x: event.clientX, y: event.clientY });
  });
  body.addEventListener("focusin", (event) => {
    const index = indexAt(event);
    if (index >= 0 && index !== chosen.focus) chosen.move(index);
  });
  body.addEventListener(
    "keydown",
    listKeys({
      chosen,
      names: () => entries.map(({ name }) => name),
      page: () => rows.page(),
      focus,
      open: (index, event) => options.open(entries[index], event),
      menu: (index) => options.menu(rows.reveal(index).querySelector("[data-action]:last-child") ?? element),
      key: options.key,
    }),
  );

  /** @param {Entry[]} next */
  function show(next) {
    const focused = body.contains(document.activeElement);
    entries = inOrder(next, order);
    drawHead();
    element.setAttribute("aria-rowcount", String(entries.length + 1));
    made = new Map([...made].filter(([, { row }]) => row.isConnected));
    chosen.setPaths(entries.map(({ path }) => path));
    rows.reset(entries.length);
    if (focused) focus(chosen.focus);
  }

  return {
    element,
    /**
     * Shows these entries; what was chosen and is still there stays chosen.
     * @param {Entry[]} next
     */
    setEntries(next) {
      if (renaming >= 0) waiting = next;
      else show(next);
    },
    /** What is chosen, as it is shown. */
    chosen() {
      return entries.filter(({ path }) => chosen.has(path));
    },
    /** All entries, as they are shown. */
    entries: () => entries,
    clear: () => chosen.none(),
    /**
     * Chooses these and no others.
     * @param {string[]} paths
     */
    chooseAll: (paths) => chosen.set(paths),
    /**
     * Chooses one entry and scrolls to it.
     * @param {string} path
     */
    choose(path) {
      const index = entries.findIndex((entry) => entry.path === path);
      if (index < 0) return;
      chosen.only(index);
      focus(index);
    },
    /**
     * Puts the keyboard on one entry, without choosing it.
     * @param {string} path
     */
    stand(path) {
      const index = entries.findIndex((entry) => entry.path === path);
      if (index < 0) return;
      chosen.move(index);
      focus(index);
    },
    /** Puts the keyboard into the list. */
    focus: () => focus(Math.max(0, chosen.focus)),
    /**
     * Lets a person type another name in the row itself.
     * @param {Entry} entry
     * @returns {Promise<string | null>} null where the name stays
     */
    async rename(entry) {
      const index = entries.findIndex(({ path }) => path === entry.path);
      if (index < 0 || renaming >= 0) return null;
      const row = rows.reveal(index);
      renaming = index;
      const name = await askName(/** @type {HTMLElement} */ (row.querySelector(".n")), entry, entries);
      renaming = -1;
      made.delete(entry.path);
      rows.redraw(index);
      focus(index);
      if (waiting) show(waiting);
      waiting = null;
      return name;
    },
    end: () => rows.end(),
  };
}
