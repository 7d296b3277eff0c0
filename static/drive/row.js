/**
 * One row of a file list: picture and checkbox, name, size, time, and what can be done with it.
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} RowOptions
 * @property {((entry: Entry) => string) | null} hrefOf  where the name leads; null: it is a button
 * @property {(entry: Entry) => string} [whereOf]  the folder that is told beside the name
 * @property {(entry: Entry) => string} [byWhom]  told after that folder, and never cut for it
 * @property {boolean} [drags]  it can be dragged by its name and picture, and where it is chosen, by all of it
 * @property {TimeColumn} [time]
 * @property {{icon: string, label: (entry: Entry) => string, name: string}[]} actions  the buttons at its end; `name` tells them apart
 *
 * @typedef {object} TimeColumn  another time than that of the last modification
 * @property {string} text  the column's name
 * @property {(entry: any) => Date | null} of
 */
import { el } from "../ui/element.js";
import { icon } from "../icons.js";
import { bytes, date, fullDate, harmless, t } from "../texts.js";
import { opensInTab } from "./kinds.js";
import { picture } from "./picture.js";
import { splitName } from "./names.js";

/**
 * @param {Entry} entry
 * @param {RowOptions} options
 * @returns {HTMLElement}
 */
export function fileRow(entry, { hrefOf, whereOf, byWhom, time: column, drags = false, actions }) {
  const size = entry.folder && entry.size === 0 ? "" : bytes(entry.size);
  const when = column ? column.of(entry) : entry.modified;
  const time = date(when);
  const where = whereOf?.(entry);
  return el(
    "div",
    { class: "row", role: "row", "data-drop": entry.folder ? entry.path : null, "data-drags": drags, tabindex: "-1" },
    el(
      "div",
      { class: "pick", role: "gridcell", draggable: drags ? "true" : null },
      picture(entry),
      el("input", { type: "checkbox", tabindex: "-1", "aria-label": t("drive.choose", { name: entry.name }) }),
    ),
    el(
      "div",
      { class: "n", role: "gridcell" },
      hrefOf
        ? el("a", { class: "name", href: hrefOf(entry), tabindex: "-1", draggable: String(drags), title: entry.name, ...waysOf(entry) }, nameText(entry))
        : el("button", { type: "button", class: "name", tabindex: "-1", draggable: drags ? "true" : null, title: whereOf ? entry.name : entry.path }, nameText(entry)),
      where && whereText(where, byWhom?.(entry)),
      el("small", {}, [size, time].filter(Boolean).join(" · ")),
    ),
    el("div", { class: "m r", role: "gridcell" }, size),
    el("div", { class: "m", role: "gridcell", title: fullDate(when) }, time),
    el(
      "div",
      { class: "acts", role: "gridcell" },
      actions.map(({ icon: name, label, name: action }, place) =>
        el(
          "button",
          {
            type: "button",
            class: place < actions.length - 1 ? "btn icon-only x" : "btn icon-only",
            "data-action": action,
            tabindex: "-1",
            "aria-label": label(entry),
            title: label(entry),
          },
          icon(name),
        ),
      ),
    ),
  );
}

/**
 * @param {string} where
 * @param {string} [by]
 */
function whereText(where, by) {
  if (by === undefined) return el("span", { class: "where", dir: "ltr", title: where }, where);
  const title = `${where} · ${by}`;
  return el("span", { class: "where", title }, el("span", { class: "cut", dir: "ltr" }, where), el("span", { class: "by", dir: "ltr" }, ` · ${by}`));
}

const SHORT = 24; // a name that fits everywhere, in characters

/**
 * A name from the left to the right, whatever is written in it (style.css), as file explorers show it. A long one keeps its extension in sight: what does not fit is cut before it.
 * @param {{name: string, folder?: boolean}} entry
 */
function nameText({ name: given, folder }) {
  const name = harmless(given);
  const [stem, extension] = folder || name.length <= SHORT ? [name, ""] : splitName(name);
  if (extension === "") return el("bdi", {}, name);
  return el("bdi", { class: "long-name" }, el("span", { class: "stem" }, stem), el("span", {}, extension));
}

/**
 * What the browser does with the link of a file: shows it in a tab of its own, or saves it.
 * @param {Entry} entry
 */
export function waysOf(entry) {
  if (entry.folder) return {};
  return opensInTab(entry) ? { target: "_blank", rel: "noopener" } : { download: entry.name };
}

/**
 * Whether two listings say the same of an entry.
 * @param {Entry} a
 * @param {Entry} b
 */
export function isSame(a, b) {
  return a.path === b.path && a.folder === b.folder && a.size === b.size && a.modified?.getTime() === b.modified?.getTime();
}

/**
 * Tells a row which one it is. The head is the first for a screen reader.
 * @param {HTMLElement} row
 * @param {number} index
 */
export function numberRow(row, index) {
  row.dataset.index = String(index);
  row.setAttribute("aria-rowindex", String(index + 2));
}

/**
 * Shows whether an entry is chosen, and whether the keyboard stands on it.
 * @param {HTMLElement} shown  its row or tile
 * @param {{chosen: boolean, focused: boolean, leaving?: boolean, withheld?: boolean}} state  leaving: it was cut, and waits to be pasted; withheld: it cannot
 *   be chosen now
 */
export function markEntry(shown, { chosen, focused, leaving = false, withheld = false }) {
  shown.classList.toggle("leaving", leaving);
  shown.classList.toggle("withheld", withheld);
  if (withheld) shown.setAttribute("aria-disabled", "true");
  else shown.removeAttribute("aria-disabled");
  if (shown.dataset.drags !== undefined) shown.draggable = chosen;
  shown.setAttribute("aria-selected", String(chosen));
  shown.tabIndex = focused ? 0 : -1;
  const box = shown.querySelector("input");
  if (box?.type === "checkbox") {
    box.checked = chosen;
    box.disabled = withheld;
  }
  for (const button of shown.querySelectorAll("button")) button.tabIndex = focused ? 0 : -1;
}
