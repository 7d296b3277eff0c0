/**
 * A long list of which only the part in sight is in the document: rows of one height, made when they come near and dropped when they are far.
 * 10,000 rows cost what 40 cost. The row that has the focus always stays.
 *
 * @typedef {object} Windowed
 * @property {(count: number) => void} reset  asks for all rows anew; render may give one that it gave before
 * @property {(index: number) => void} redraw  makes one row anew, if it is in sight
 * @property {(index: number) => HTMLElement | undefined} rowAt
 * @property {(index: number) => HTMLElement} reveal  scrolls a row into sight and returns it
 * @property {() => number} page  how many rows fit on the screen
 * @property {() => number} height  of one row, in CSS pixels
 * @property {() => void} end  stops listening
 */

const HEAD = 100; // pixels at the top and bottom of the window where something else may lie over the rows
const FOOT = 90;
const BEYOND = 12; // rows kept ready above and below what is in sight

/**
 * @param {HTMLElement} host an element that holds nothing but the rows; it gets the height of all of them. Its style says `--row-height`
 * @param {{render: (index: number) => HTMLElement, keep: () => number}} rows keep: the index that must not be dropped, or -1
 * @returns {Windowed}
 */
export function windowed(host, { render, keep }) {
  /** @type {Map<number, HTMLElement>} */
  const shown = new Map();
  let count = 0;
  let height = 46;
  let frame = 0;

  function measure() {
    height = parseFloat(getComputedStyle(host).getPropertyValue("--row-height")) || height;
    host.style.setProperty("height", `${count * height}px`);
  }

  /** @param {number} index */
  function place(index) {
    const row = shown.get(index);
    row?.style.setProperty("transform", `translateY(${index * height}px)`);
  }

  function draw() {
    frame = 0;
    const top = -host.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - BEYOND);
    const last = Math.min(count - 1, Math.ceil((top + innerHeight) / height) + BEYOND);
    const kept = keep();
    const wanted = [];
    for (let index = first; index <= last; index++) wanted.push(index);
    if (kept >= 0 && kept < count && (kept < first || kept > last)) wanted.push(kept);
    wanted.sort((a, b) => a - b);

    const before = new Map(shown);
    shown.clear();
    for (const index of wanted) shown.set(index, before.get(index) ?? render(index));
    const staying = new Set(shown.values());
    for (const row of [...host.children]) if (!staying.has(/** @type {HTMLElement} */ (row))) row.remove();
    // Rows stand in the document in their order; one that is in its place is not moved, for that would take the focus from it.
    let next = host.firstElementChild;
    for (const [index, row] of shown) {
      if (row === next) next = next.nextElementSibling;
      else host.insertBefore(row, next);
      place(index);
    }
  }

  function later() {
    frame ||= requestAnimationFrame(draw);
  }
  function resized() {
    measure();
    for (const index of shown.keys()) place(index);
    later();
  }

  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", resized);

  return {
    reset(total) {
      count = total;
      shown.clear();
      measure();
      draw();
    },
    redraw(index) {
      const old = shown.get(index);
      if (!old) return;
      const row = render(index);
      shown.set(index, row);
      place(index);
      old.replaceWith(row);
    },
    rowAt: (index) => shown.get(index),
    reveal(index) {
      const bounds = host.getBoundingClientRect();
      const above = bounds.top + index * height;
      if (above < HEAD) scrollBy(0, above - HEAD);
      else if (above + height > innerHeight - FOOT) scrollBy(0, above + height - innerHeight + FOOT);
      draw();
      return /** @type {HTMLElement} */ (shown.get(index));
    },
    height: () => height,
    page: () => Math.max(1, Math.floor(innerHeight / height) - 3),
    end() {
      removeEventListener("scroll", later);
      removeEventListener("resize", resized);
      cancelAnimationFrame(frame);
    },
  };
}
