import { carriesFiles } from "./picked.js";

/**
 * Makes an open dialog take files that are dropped anywhere on it or beside it: the page below is inert.
 * @param {HTMLDialogElement} dialog
 * @param {(transfer: DataTransfer) => void} drop  within the event
 */
export function takesDrops(dialog, drop) {
  let timer = 0;
  /** @param {DragEvent} event */
  function dragged(event) {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    dialog.classList.add("drop-here");
    clearTimeout(timer); // as on the page: a drag that is gone simply says nothing more
    timer = window.setTimeout(() => dialog.classList.remove("drop-here"), 400);
  }
  dialog.addEventListener("dragenter", dragged);
  dialog.addEventListener("dragover", dragged);
  dialog.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.classList.remove("drop-here");
    drop(event.dataTransfer);
  });
}
