/**
 * What the mouse does on a page of entries (mouse.js), loaded when one comes over the page: a phone has none. A box that was begun until then is drawn from where the button
 * was pressed. Start from lazyMouse.
 */

/** Once it is loaded: a drag that goes on in another folder needs it at once. @type {typeof import("./mouse.js") | null} */
let mouse = null;

/** @param {Omit<import("./mouse.js").Place, "pressed">} place */
export function lazyMouse(place) {
  const { main, signal: over } = place;
  /** @type {import("./box.js").Pressed | null} */
  let pressed = null;
  const use = (/** @type {typeof import("./mouse.js")} */ { withMouse }) => over.aborted || withMouse({ ...place, pressed });
  if (mouse) {
    use(mouse);
    return;
  }
  const loading = new AbortController();
  const signal = AbortSignal.any([loading.signal, over]);
  main.addEventListener("pointerover", () => void import("./mouse.js").then((loaded) => use((mouse = loaded)), () => {}).finally(() => loading.abort()), { once: true, signal });
  main.addEventListener("pointerdown", (event) => (pressed = { from: event, to: event }), { signal });
  addEventListener("pointermove", (event) => pressed && (pressed = { ...pressed, to: event }), { signal });
  addEventListener("pointerup", () => (pressed = null), { signal });
}
