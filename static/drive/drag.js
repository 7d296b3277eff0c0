/**
 * Entries of the drive dragged with the mouse onto a folder: a row or tile, a part of the way to the folder, the open folder itself; or onto the trash. It moves them, and copies them with Ctrl (on a
 * Mac with Alt). Files of this computer are another matter (drop-zone.js), and fingers have the menu.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el } from "../ui/element.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { onWork } from "./changes.js";
import { addressOf, fileAddress, parentOf } from "./place.js";
import { picture } from "./picture.js";

const TYPE = "application/x-thorpe";
const OPENS = 900; // milliseconds over a folder until it opens
const isMac = /Mac/u.test(navigator.platform);

/** What is being dragged in this page. @type {Entry[] | null} */
let dragged = null;

/**
 * Lets entries be taken hold of.
 * @param {HTMLElement} place  holds the items of a view (list-behaviour.js)
 * @param {() => import("./list-behaviour.js").EntriesView} viewNow
 * @param {(held: boolean) => void} hold  whether something is being dragged
 */
export function dragsFrom(place, viewNow, hold) {
  place.addEventListener("dragstart", (event) => {
    const item = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    const view = viewNow();
    const entry = item instanceof HTMLElement ? view.entries()[Number(item.dataset.index)] : undefined;
    if (!entry || !event.dataTransfer) return;
    if (onWork.has(entry.path)) return event.preventDefault();
    hold(true);
    if (!view.chosen().some(({ path }) => path === entry.path)) view.choose(entry.path);
    dragged = view.chosen();
    const { dataTransfer: data } = event;
    data.clearData();
    data.effectAllowed = "copyMove";
    data.setData(TYPE, "");
    // Chromium saves it where it is dropped on the desktop.
    if (dragged.length === 1 && !entry.folder) data.setData("DownloadURL", `application/octet-stream:${entry.name.replaceAll(":", "_")}:${new URL(fileAddress(entry.path), location.href).href}`);
    const image = el("div", { class: "drag-image" }, picture(entry), dragged.length === 1 ? entry.name : t("drive.dragged", { count: dragged.length }));
    document.body.append(image);
    data.setDragImage(image, 12, 22);
    setTimeout(() => image.remove());
  });
}

/**
 * Takes what is dragged, while a page of the drive is shown.
 * @param {object} options
 * @param {string | null} options.path  of the folder that is shown
 * @param {(entries: Entry[], to: string, options: {copy: boolean}) => void} options.drop
 * @param {(entries: Entry[]) => void} options.discard  they were dropped on the trash
 * @param {(held: boolean) => void} options.hold
 * @param {AbortSignal} options.signal  ends it
 */
export function takesDragged({ path: here, drop, discard, hold, signal }) {
  /** @type {HTMLElement | null} */
  let over = null;
  let opening = 0;

  /** @param {HTMLElement | null} target */
  function mark(target) {
    if (target === over) return;
    over?.classList.remove("drop-here");
    clearTimeout(opening);
    over = target;
    if (!over) return;
    over.classList.add("drop-here");
    const path = over.dataset.drop;
    if (path !== undefined && path !== here) opening = window.setTimeout(() => navigate(addressOf(path)), OPENS);
  }

  /** @param {DragEvent} event @returns {{to: string | null, element: HTMLElement | null, copy: boolean} | null} to: null for the trash */
  function targetOf(event) {
    if (!dragged || !event.dataTransfer?.types.includes(TYPE) || !(event.target instanceof Element)) return null;
    const trash = event.target.closest("[data-route=trash]");
    if (trash instanceof HTMLElement) return { to: null, element: trash, copy: false };
    const element = event.target.closest("[data-drop]");
    const to = element instanceof HTMLElement ? (element.dataset.drop ?? "") : event.target.closest("main") ? here : null;
    const copy = isMac ? event.altKey : event.ctrlKey;
    if (to === null || onWork.has(to) || dragged.some(({ path, folder }) => folder && `${to}/`.startsWith(`${path}/`))) return null;
    if (!copy && dragged.every(({ path }) => parentOf(path) === to)) return null;
    return { to, element: element instanceof HTMLElement ? element : null, copy };
  }

  addEventListener("dragover", moved, { signal });
  addEventListener("dragenter", moved, { signal });
  /** @param {DragEvent} event */
  function moved(event) {
    const target = targetOf(event);
    mark(target?.element ?? null);
    if (!target || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = target.copy ? "copy" : "move";
  }
  addEventListener("drop", (event) => {
    const target = targetOf(event);
    mark(null);
    if (!target || !dragged) return;
    event.preventDefault();
    const entries = dragged;
    dragged = null;
    hold(false);
    if (target.to === null) discard(entries);
    else drop(entries, target.to, target);
  }, { signal });
  addEventListener("dragend", () => {
    dragged = null;
    mark(null);
    hold(false);
  }, { signal });
  signal.addEventListener("abort", () => mark(null), { once: true });
}
