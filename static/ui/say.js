// What is read aloud of what is seen otherwise. A region that comes with its words already in it is not read by most screen readers, so one stands in the page from the beginning;
// while a modal dialog is open, nothing outside it is read, and the dialog has one.
import { el, lastDialog } from "./element.js";

const SOON = 100; // milliseconds until a new region is known, and an emptied one empty
const LONG = 5_000; // until the words are taken away again, lest they are found where nothing says so any more

const outside = document.getElementById("said") ?? el("div", { class: "unseen", role: "status", "aria-live": "polite" });
if (!outside.isConnected) document.body.append(outside);

/** @type {string[]} */
let waiting = [];
let timer = 0;

/**
 * Has something read aloud, such as "12 files uploaded", once what is being read ends. The same words again are read again.
 * @param {string} text
 */
export function say(text) {
  const place = placeNow();
  place.textContent = "";
  waiting.push(text);
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    place.textContent = waiting.join(". ");
    waiting = [];
    timer = window.setTimeout(() => (place.textContent = ""), LONG);
  }, SOON);
}

function placeNow() {
  const dialog = lastDialog();
  if (!dialog) return outside;
  const there = dialog.querySelector(":scope > .said");
  if (there) return there;
  const made = el("div", { class: "unseen said", role: "status", "aria-live": "polite" });
  dialog.append(made);
  return made;
}
