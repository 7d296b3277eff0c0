/**
 * Warns before the page is left while something runs that would be lost.
 */

let running = 0;

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault(); // the browser asks with words of its own
}

/**
 * @returns {() => void} call it when the work is over
 */
export function guardLeaving() {
  if (running++ === 0) addEventListener("beforeunload", warn);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    if (--running === 0) removeEventListener("beforeunload", warn);
  };
}
