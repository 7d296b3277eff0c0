/**
 * A long list in a box that scrolls by itself, such as in a dialog: of any number of lines, only those near the sight are in the document. What fills a page is
 * windowed.js.
 *
 * scrolled() -> {element, show(count, render)}     element is put into what scrolls; render makes a line
 */
import { el } from "../ui/element.js";

const LINE = 44; // CSS pixels
const BEYOND = 20; // lines ready above and below, so that Tab finds the next one

export function scrolled() {
  const element = el("ul", { class: "scrolled" });
  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  let count = 0;
  /** @type {(index: number) => HTMLElement} */
  let render = () => el("div");
  /** @type {HTMLElement | null} */
  let box = null;

  function draw() {
    if (!box) return;
    const top = box.getBoundingClientRect().top - element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / LINE) - BEYOND);
    const last = Math.min(count - 1, Math.ceil((top + box.clientHeight) / LINE) + BEYOND);
    for (const [index, line] of shown) {
      if ((index >= first && index <= last) || line.contains(document.activeElement)) continue;
      line.remove();
      shown.delete(index);
    }
    for (let index = first; index <= last; index++) {
      if (shown.has(index)) continue;
      const line = el("li", { "aria-setsize": count, "aria-posinset": index + 1 }, render(index));
      line.style.setProperty("transform", `translateY(${index * LINE}px)`);
      shown.set(index, line);
      const after = [...shown].filter(([other]) => other > index).sort(([a], [b]) => a - b)[0];
      element.insertBefore(line, after?.[1] ?? null); // Tab goes by the document
    }
  }

  return {
    element,
    /**
     * @param {number} total
     * @param {(index: number) => HTMLElement} make
     */
    show(total, make) {
      count = total;
      render = make;
      shown.clear();
      element.replaceChildren();
      element.style.setProperty("height", `${count * LINE}px`);
      if (!box && element.parentElement) {
        box = element.parentElement;
        box.addEventListener("scroll", draw, { passive: true });
      }
      if (box) box.scrollTop = 0;
      draw();
    },
  };
}
