/**
 * Small pictures in the rows of a list, in place of the pictures of their kinds: of the rows in sight, and only of what costs little to read. Loaded when the browser has nothing
 * else to do, where a list has files that may have one.
 */

/**
 * @param {import("../view/thumbnails.js").Pictures} pictures
 * @returns {{watch: (row: HTMLElement, entry: import("../source.js").Entry) => void, end: () => void}}
 */
export function rowPictures(pictures) {
  /** @type {WeakMap<Element, import("../source.js").Entry>} */
  const entries = new WeakMap();
  const sight = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const entry = entries.get(target);
        if (!entry) continue;
        if (isIntersecting) pictures.want({ entry, cheap: true, put: (small) => put(target, small) });
        else pictures.forget(entry);
        if (!target.isConnected) sight.unobserve(target);
      }
    },
    { rootMargin: "100px 0px" },
  );
  return {
    watch(row, entry) {
      if (!pictures.can(entry)) return;
      entries.set(row, entry);
      sight.observe(row);
    },
    end: () => sight.disconnect(),
  };
}

/**
 * @param {Element} row
 * @param {HTMLCanvasElement} small
 */
function put(row, small) {
  small.setAttribute("aria-hidden", "true");
  row.querySelector(".pick > :first-child")?.replaceWith(small);
}
