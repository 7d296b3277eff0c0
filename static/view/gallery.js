/**
 * The files of a link as tiles: images as small pictures, everything else by its kind. Any number of files: only the rows in sight are in the document, and only
 * images in sight are read.
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { picture } from "../drive/picture.js";
import { windowed } from "../drive/windowed.js";
import { viewKind } from "./kinds.js";
import { thumbnails } from "./thumbnails.js";

/** @typedef {import("../source.js").Entry} Entry */

const narrowest = 170; // CSS pixels of a tile
const gap = 12;
const words = 34; // the line with the name

/**
 * @param {Entry[]} files
 * @param {import("../drive/link-files.js").FilesOptions} options
 * @returns {import("../drive/link-files.js").FilesView}
 */
export function gallery(files, { label, source, choice, open, fault }) {
  const body = el("div", { class: "gallery-body", role: "presentation" });
  const problem = el("div", {});
  const element = el("div", { class: "gallery", role: "grid", "aria-multiselectable": "true", "aria-label": label }, problem, body);
  let columns = 1;
  let at = 0;
  let anchor = 0;
  let laid = "";

  const pictures = thumbnails(source, (error) => {
    const again = button(t("view.again"), { icon: "rotate-ccw", click: () => (fill(problem), pictures.again()) });
    fill(problem, el("div", { class: "notice bad", role: "alert" }, icon("circle-alert"), el("div", {}, el("p", {}, fault(error)), again)));
  });
  const sight = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const tile = /** @type {HTMLElement} */ (target);
        const entry = files[Number(tile.dataset.index)];
        if (isIntersecting) pictures.want({ entry, put: (made) => fill(/** @type {Element} */ (tile.querySelector(".tile-picture")), made) });
        else pictures.forget(entry);
      }
    },
    { rootMargin: "150px 0px" },
  );

  const rows = windowed(body, {
    render(row) {
      const line = el("div", { class: "gallery-row", role: "row", "aria-rowindex": row + 1 });
      for (let index = row * columns; index < Math.min(files.length, (row + 1) * columns); index++) line.append(tile(index));
      line.style.setProperty("grid-template-columns", `repeat(${columns}, minmax(0, 1fr))`);
      return line;
    },
    keep: () => Math.floor(at / columns),
  });

  /** @param {number} index */
  function tile(index) {
    const entry = files[index];
    const made = el(
      "div",
      { class: "tile", role: "gridcell", tabindex: "-1", "data-index": index, "aria-label": entry.name, "aria-colindex": (index % columns) + 1 },
      el("div", { class: "tile-picture" }, picture(entry)),
      el("input", { type: "checkbox", tabindex: "-1", "aria-hidden": "true", "aria-label": t("drive.choose", { name: entry.name }) }),
      el("div", { class: "tile-name cut", title: entry.path }, el("bdi", {}, entry.name)),
    );
    markTile(made, index);
    if (viewKind(entry) === "image") sight.observe(made);
    return made;
  }

  /**
   * @param {HTMLElement} made
   * @param {number} index
   */
  function markTile(made, index) {
    const on = choice.has(files[index]);
    made.setAttribute("aria-selected", String(on));
    made.tabIndex = index === at ? 0 : -1;
    /** @type {HTMLInputElement} */ (made.querySelector("input")).checked = on;
  }

  function mark() {
    for (const made of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll(".tile"))) markTile(made, Number(made.dataset.index));
    element.classList.toggle("choosing", choice.size > 0);
  }

  function lay() {
    const width = body.clientWidth;
    columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
    const height = `${Math.round((((width - gap * (columns - 1)) / columns) * 3) / 4 + words + gap)}px`;
    if (laid === `${columns} ${height}`) return; // only its own height has changed
    laid = `${columns} ${height}`;
    body.style.setProperty("--row-height", height);
    sight.disconnect();
    const count = Math.ceil(files.length / columns);
    element.setAttribute("aria-colcount", String(columns));
    element.setAttribute("aria-rowcount", String(count));
    rows.reset(count);
  }

  /** @param {number} index */
  function go(index) {
    at = Math.min(Math.max(0, index), files.length - 1);
    const row = rows.reveal(Math.floor(at / columns));
    mark();
    /** @type {HTMLElement | null} */ (row.querySelector(`[data-index="${at}"]`))?.focus({ preventScroll: true });
  }

  /** @param {number} index from where the last choice was made to here */
  function extend(index) {
    choice.set(files.slice(Math.min(anchor, index), Math.max(anchor, index) + 1), true);
  }

  /** @param {number} index */
  function toggle(index) {
    anchor = index;
    choice.set([files[index]], !choice.has(files[index]));
  }

  body.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const made = target.closest(".tile");
    if (!(made instanceof HTMLElement)) return;
    const index = Number(made.dataset.index);
    go(index);
    if (event.shiftKey) extend(index);
    else if (target.closest("input") || event.ctrlKey || event.metaKey) toggle(index);
    else open(files[index], files);
    mark(); // a checkbox has turned itself already
  });
  body.addEventListener("keydown", (event) => {
    const key = event.key;
    if (key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return choice.all();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: columns * rows.page(), PageUp: -columns * rows.page(), Home: -files.length, End: files.length };
    if (key in steps) {
      event.preventDefault();
      go(at + steps[key]);
      if (event.shiftKey) extend(at);
    } else if (key === " ") {
      event.preventDefault();
      toggle(at);
    } else if (key === "Enter") {
      event.preventDefault();
      open(files[at], files);
    } else if (key === "Escape") choice.none();
  });
  body.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault(); // no text gets marked
  });

  const size = new ResizeObserver(() => lay());
  queueMicrotask(() => size.observe(body));
  return {
    element,
    mark,
    stand: (entry) => go(files.indexOf(entry)),
    end() {
      size.disconnect();
      sight.disconnect();
      pictures.end();
      rows.end();
    },
  };
}
