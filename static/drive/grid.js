/**
 * Files as tiles, images with a small picture of them. How it behaves is in list-behaviour.js; this is what it looks like. Only the lines in sight are in the
 * document, and only pictures in sight are made. Start from fileGrid.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./list-behaviour.js").Surface} Surface
 */
import { el, fill } from "../ui/element.js";
import { icon } from "../icons.js";
import { bytes, harmless, t } from "../texts.js";
import { entriesView } from "./list-behaviour.js";
import { picture } from "./picture.js";
import { isSame, markEntry, waysOf } from "./row.js";
import { windowed } from "./windowed.js";

const narrowest = 170; // CSS pixels of a tile
const gap = 12;
const words = 52; // the lines below its picture

/** @param {import("./list-behaviour.js").ViewOptions} options */
export function fileGrid(options) {
  return entriesView(options, gridSurface);
}

/**
 * @param {import("./list-behaviour.js").Host} host
 * @returns {Surface}
 */
function gridSurface({ options, entries, stateOf, kept, chooseAll, chosenCount }) {
  const { pictures } = options;
  const body = el("div", { class: "gallery-body", role: "rowgroup" });
  const all = el("input", { type: "checkbox" });
  const head = el("div", { class: "row head-row", role: "row", "aria-rowindex": 1 }, el("div", { role: "columnheader" }, el("label", { class: "pick-all" }, el("span", { class: "pick" }, all), t("drive.choose_all"))));
  const element = el("div", { class: "gallery file-grid", role: "grid", "aria-label": options.label, "aria-multiselectable": "true" }, head, body);
  let columns = 1;
  let laid = "";

  /** The tiles made so far, by path: what did not change keeps its tile. @type {Map<string, {tile: HTMLElement, entry: Entry}>} */
  let made = new Map();

  const sight = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const entry = entries()[Number(/** @type {HTMLElement} */ (target).dataset.index)];
        if (!entry) continue;
        if (isIntersecting) pictures?.want({ entry, put: (small) => fill(/** @type {Element} */ (target.querySelector(".tile-picture")), small) });
        else pictures?.forget(entry);
      }
    },
    { rootMargin: "150px 0px" },
  );

  const rows = windowed(body, {
    render(at) {
      const line = el("div", { class: "gallery-row", role: "row", "aria-rowindex": at + 2 });
      line.style.setProperty("grid-template-columns", `repeat(${columns}, minmax(0, 1fr))`);
      for (let index = at * columns; index < Math.min(entries().length, (at + 1) * columns); index++) line.append(tileAt(index));
      return line;
    },
    keep: () => Math.floor(kept() / columns),
  });

  /** @param {number} index */
  function tileAt(index) {
    const entry = entries()[index];
    const old = made.get(entry.path);
    const tile = old?.tile.isConnected && isSame(old.entry, entry) && old.entry.etag === entry.etag ? old.tile : fileTile(entry, options);
    made.set(entry.path, { tile, entry });
    tile.dataset.index = String(index);
    markEntry(tile, stateOf(index));
    if (pictures?.can(entry)) {
      sight.unobserve(tile); // its index may be another
      sight.observe(tile);
    }
    return tile;
  }

  function lay({ anew = false } = {}) {
    const width = body.clientWidth;
    columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
    const height = `${Math.round((((width - gap * (columns - 1)) / columns) * 3) / 4 + words + gap)}px`;
    if (!anew && laid === `${columns} ${height}`) return; // only its own height has changed
    laid = `${columns} ${height}`;
    const lines = Math.ceil(entries().length / columns);
    element.setAttribute("aria-rowcount", String(lines + 1));
    element.setAttribute("aria-colcount", String(columns));
    body.style.setProperty("--row-height", height);
    rows.reset(lines);
  }

  /** The box of the head says whether all are chosen, some or none. */
  function markAll() {
    const count = chosenCount();
    all.checked = count > 0 && count === entries().length;
    all.indeterminate = count > 0 && !all.checked;
  }
  all.addEventListener("change", () => {
    chooseAll();
    markAll(); // it has turned itself already
  });

  const size = new ResizeObserver(() => lay());
  size.observe(body);

  return {
    element,
    body,
    show() {
      made = new Map([...made].filter(([, { tile }]) => tile.isConnected));
      markAll();
      lay({ anew: true });
    },
    mark() {
      markAll();
      for (const tile of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll(".tile"))) {
        const index = Number(tile.dataset.index);
        if (entries()[index]) markEntry(tile, stateOf(index));
      }
    },
    redraw(index) {
      made.delete(entries()[index].path);
      rows.redraw(Math.floor(index / columns));
    },
    reveal: (index) => /** @type {HTMLElement} */ (rows.reveal(Math.floor(index / columns)).querySelector(`[data-index="${index}"]`)),
    nameOf: (tile) => /** @type {HTMLElement} */ (tile.querySelector(".n")),
    rectOf(index) {
      const width = (body.clientWidth - gap * (columns - 1)) / columns;
      return new DOMRect((index % columns) * (width + gap), Math.floor(index / columns) * rows.height(), width, rows.height() - gap);
    },
    columns: () => columns,
    page: () => rows.page() * columns,
    end() {
      size.disconnect();
      sight.disconnect();
      rows.end();
    },
  };
}

/**
 * @param {Entry} entry
 * @param {import("./list-behaviour.js").ViewOptions} options
 */
function fileTile(entry, { hrefOf, whereOf, drags = false, actions }) {
  const menu = actions[actions.length - 1];
  return el(
    "div",
    { class: "tile", role: "gridcell", tabindex: "-1", "data-drop": entry.folder ? entry.path : null, "data-drags": drags },
    el("div", { class: "tile-picture", draggable: drags ? "true" : null }, picture(entry)),
    el("div", { class: "pick" }, el("input", { type: "checkbox", tabindex: "-1", "aria-label": t("drive.choose", { name: entry.name }) })),
    el(
      "div",
      { class: "n" },
      hrefOf
        ? el("a", { class: "name cut", href: hrefOf(entry), tabindex: "-1", draggable: String(drags), title: entry.name, ...waysOf(entry) }, el("bdi", {}, harmless(entry.name)))
        : el("button", { type: "button", class: "name cut", tabindex: "-1", draggable: drags ? "true" : null, title: entry.path }, el("bdi", {}, harmless(entry.name))),
      el("small", { class: "cut" }, whereOf?.(entry) || (entry.folder ? "" : bytes(entry.size))),
    ),
    menu && el("button", { type: "button", class: "btn icon-only", "data-action": menu.name, tabindex: "-1", "aria-label": menu.label(entry), title: menu.label(entry) }, icon(menu.icon)),
  );
}
