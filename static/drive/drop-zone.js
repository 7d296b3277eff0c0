/**
 * Makes the whole page take what is dropped on it, and shows so while files are dragged over it. A folder's row takes the drop for itself. Of several zones the last one
 * that was made takes the drop: a view's before the app's.
 */
import { el } from "../ui/element.js";
import { icon } from "../icons.js";
import { toast } from "../ui/toast.js";
import { carriesFiles } from "./picked.js";

/** @type {symbol[]} */
const zones = [];

/** A drop is welcome now: a dialog has its own, or takes none; behind one that looks at a file lies the folder. */
const open = () => !document.querySelector("dialog[open]:not(.viewer)");
const viewer = () => document.querySelector("dialog.viewer[open]");

/**
 * A link of another page that is let fall here would be opened in place of this page, with all that runs in it.
 * @param {DragEvent} event
 */
function refuseLink(event) {
  const { dataTransfer: data, target } = event;
  if (!data?.types.includes("text/uri-list") || carriesFiles(event) || data.types.some((type) => type.startsWith("application/x-thorpe"))) return;
  if (target instanceof Element && target.closest("input, textarea, [contenteditable]")) return;
  event.preventDefault();
  data.dropEffect = "none";
}

/**
 * @param {object} options
 * @param {string} options.text  what a drop would do
 * @param {string} [options.under]  told of a drop on a file that is looked at: the folder that lies behind it takes it
 * @param {(transfer: DataTransfer, row: HTMLElement | null) => void} options.drop  within the event; row: the folder it fell on
 * @returns {() => void} ends it
 */
export function dropZone({ text, under, drop }) {
  const veil = el("div", { class: "drop-veil", hidden: true, "aria-hidden": "true" }, el("div", {}, icon("upload"), el("b", {}, text)));
  document.body.append(veil);
  /** @type {HTMLElement | null} */
  let over = null;
  let timer = 0;
  const zone = Symbol("zone");
  zones.push(zone);
  const isMine = () => zones.at(-1) === zone;

  /** @param {HTMLElement | null} row */
  function mark(row) {
    over?.classList.remove("drop-here");
    over = row;
    over?.classList.add("drop-here");
  }
  function leave() {
    clearTimeout(timer);
    veil.hidden = true;
    if (veil.parentElement !== document.body) document.body.append(veil);
    mark(null);
  }

  /** @param {DragEvent} event */
  function dragged(event) {
    if (isMine()) refuseLink(event);
    if (!carriesFiles(event) || !event.dataTransfer || !isMine()) return;
    event.preventDefault();
    if (!open()) {
      event.dataTransfer.dropEffect = "none";
      return;
    }
    event.dataTransfer.dropEffect = "copy";
    const home = viewer() ?? document.body; // nothing else is seen over it
    if (veil.parentElement !== home) home.append(veil);
    veil.hidden = false;
    const row = event.target instanceof Element ? event.target.closest("[data-drop]") : null;
    mark(row instanceof HTMLElement ? row : null);
    // dragleave is told for every element passed over; a drag that is gone simply says nothing more.
    clearTimeout(timer);
    timer = window.setTimeout(leave, 400);
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    if (isMine()) refuseLink(event);
    if (!carriesFiles(event) || !event.dataTransfer || !isMine()) return;
    event.preventDefault();
    const row = over;
    leave();
    if (!open()) return;
    if (under && viewer()) toast(under);
    drop(event.dataTransfer, row);
  }

  addEventListener("dragenter", dragged);
  addEventListener("dragover", dragged);
  addEventListener("drop", dropped);
  return () => {
    leave();
    zones.splice(zones.indexOf(zone), 1);
    veil.remove();
    removeEventListener("dragenter", dragged);
    removeEventListener("dragover", dragged);
    removeEventListener("drop", dropped);
  };
}
