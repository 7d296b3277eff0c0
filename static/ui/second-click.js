/** The second click of a double click is not for what the first has brought under the mouse. A finger's second tap is meant. */
let first = { x: -99, y: -99 };

/** @param {Event} event  what is done by it is done */
export function oneIsEnough(event) {
  if (event instanceof PointerEvent && event.pointerType !== "touch") first = event;
}

for (const type of ["click", "dblclick"]) {
  addEventListener(type, (event) => {
    if (!(event instanceof MouseEvent) || event.detail < 2 || Math.hypot(event.x - first.x, event.y - first.y) > 6) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}
