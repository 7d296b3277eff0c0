/**
 * Looks whether what the keyboard stands on can be seen (WCAG 2.2, 2.4.11).
 *
 * begin()                     forgets what was stood on, and has the next Tab begin at an end of the page, or of the dialog that is open
 * covered() -> string | null  what stands on the focused element and leaves nothing of it; "" where some of it is seen; null where the keyboard was here before, or is nowhere
 */

/** @type {WeakSet<Element>} */
let stood = new WeakSet();

export function begin() {
  stood = new WeakSet();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  getSelection()?.removeAllRanges();
}

export function covered() {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement || stood.has(e)) return null;
  stood.add(e);
  const over = new Set();
  const parts = [e, .../** @type {Iterable<Element>} */ (/** @type {HTMLInputElement} */ (e).labels ?? [])]; // a box that is drawn by its label is seen with it
  for (const part of parts) {
    for (const box of part.getClientRects()) {
      for (let i = 0; i < 5; i++) {
        for (let j = 0; j < 5; j++) {
          const hit = document.elementFromPoint(box.x + (box.width * (i + .5)) / 5, box.y + (box.height * (j + .5)) / 5);
          if (hit && part.contains(hit)) return "";
          if (hit) over.add(called(hit));
        }
      }
    }
  }
  const { x, y, width, height } = e.getBoundingClientRect();
  return `${called(e)} at ${Math.round(x)},${Math.round(y)} (${Math.round(width)}×${Math.round(height)}) lies under ${[...over].join(", ") || "the edge of the window"}`;
}

function called(/** @type {Element} */ e) {
  const name = (e.getAttribute("aria-label") || e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  return `${e.tagName.toLowerCase()}.${e.getAttribute("class")} "${name}"`;
}
