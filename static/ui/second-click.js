/** A double click where one is enough: the second click is not for what lies under the mouse by then, after the first has opened a folder or taken away its own button. */
let first = { x: -99, y: -99 };

/** @param {Event} event  what is done by it is done: a second click at its place does nothing */
export function oneIsEnough(event) {
  if (event instanceof MouseEvent && event.type === "click") first = event;
}

for (const type of ["click", "dblclick"]) {
  addEventListener(type, (event) => {
    if (!(event instanceof MouseEvent) || event.detail < 2 || Math.hypot(event.x - first.x, event.y - first.y) > 6) return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}
