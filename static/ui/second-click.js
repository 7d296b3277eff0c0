/**
 * A double click where one is enough: the first click opens a folder, or takes away the button that it was on, and the second is meant for nothing that lies there by then.
 */
const TIME = 500; // milliseconds between the two, as systems have it
const NEAR = 6; // CSS pixels

/** The click that was enough. @type {MouseEvent | null} */
let first = null;

/**
 * Has the second click do nothing, if there is one.
 * @param {Event} event  what is done by it is done; what is no click of a mouse or a finger is no concern of this
 */
export function oneIsEnough(event) {
  if (event instanceof MouseEvent && event.type === "click" && event.detail > 0) first = event;
}

for (const type of ["click", "dblclick"]) {
  addEventListener(type, (event) => {
    if (!first || !(event instanceof MouseEvent) || (event.type === "click" && event.detail === 0)) return;
    const near = Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) <= NEAR;
    if (near && (event.detail > 1 || event.timeStamp - first.timeStamp < TIME)) {
      event.preventDefault();
      event.stopPropagation();
    } else first = null;
  }, { capture: true });
}
for (const type of ["keydown", "popstate"]) addEventListener(type, () => void (first = null), { capture: true }); // what is clicked after that is meant
