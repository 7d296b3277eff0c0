/**
 * The corner of the page where the trays of running work stand, one above the other.
 */
import { el } from "../ui/element.js";

/** @type {HTMLElement | null} */
let place = null;

/** Messages stand clear of the trays (style.css). */
const measure = new ResizeObserver(([{ contentRect: { height } }]) => {
  document.documentElement.style.setProperty("--trays", height > 0 ? `${Math.ceil(height) + 12}px` : "0px");
});

export function traysPlace() {
  if (!place?.isConnected) {
    place = el("div", { class: "trays" });
    document.body.append(place);
    measure.observe(place);
  }
  return place;
}
