/**
 * The corner of the page where the trays of running work stand, one above the other.
 */
import { el } from "../ui/element.js";

/** @type {HTMLElement | null} */
let place = null;

export function traysPlace() {
  if (!place?.isConnected) {
    place = el("div", { class: "trays" });
    document.body.append(place);
  }
  return place;
}
