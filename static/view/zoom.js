/**
 * An image that is looked at closely: by wheel, two fingers, keys, buttons and double click; what is larger than its box is moved by dragging, one finger and the arrow keys.
 *
 * zoomable(box, image, changed) -> Zoom      box: positioned, without padding; image: loaded; changed: called with what is shown now
 *
 * @typedef {object} Zoom
 * @property {(factor: number, at?: Point) => void} by  about the middle, or a point of the window
 * @property {() => void} toggle  between the whole image and its own size
 * @property {(event: KeyboardEvent) => boolean} key  whether the key was for it
 * @property {() => void} end
 *
 * @typedef {{scale: number, whole: boolean}} Shown  CSS pixels a pixel of the image; whether all of it is seen
 * @typedef {{x: number, y: number}} Point
 */

/** CSS pixels that a pixel of the image becomes at most. */
const closest = 8;
/** What one step of a button or a key does. */
const step = 1.25;
/** CSS pixels that an arrow key moves by. */
const stride = 80;
/** CSS pixels around an image that is seen whole, where there is room. */
const margin = 16;

/**
 * @param {HTMLElement} box
 * @param {HTMLImageElement} image
 * @param {(shown: Shown) => void} changed
 * @returns {Zoom}
 */
export function zoomable(box, image, changed) {
  const size = { width: image.naturalWidth || 1, height: image.naturalHeight || 1 };
  let fit = 1; // the scale at which all of it is seen
  let scale = 0; // 0: always all of it
  let x = 0; // of the image's middle, from the box's
  let y = 0;

  const present = () => (scale === 0 ? fit : scale);
  const largest = () => Math.max(closest, fit);

  function place() {
    const { clientWidth: width, clientHeight: height } = box;
    const air = width > 720 ? 2 * margin : 0;
    fit = Math.max(0, Math.min(1, (width - air) / size.width, (height - air) / size.height)) || 1;
    if (scale <= fit) scale = 0;
    const shown = present();
    const spare = (/** @type {number} */ of, /** @type {number} */ room) => Math.max(0, (of * shown - room) / 2);
    x = Math.max(-spare(size.width, width), Math.min(spare(size.width, width), x));
    y = Math.max(-spare(size.height, height), Math.min(spare(size.height, height), y));
    image.style.transform = `translate(${(width - size.width * shown) / 2 + x}px, ${(height - size.height * shown) / 2 + y}px) scale(${shown})`;
    box.classList.toggle("zoomed", scale !== 0);
    changed({ scale: shown, whole: scale === 0 });
  }

  /** @param {number} next @param {Point} [at] what stays where it is */
  function zoomTo(next, at) {
    const before = present();
    scale = Math.min(largest(), Math.max(fit, next));
    const { left, top, width, height } = box.getBoundingClientRect();
    const from = at ? { x: at.x - left - width / 2, y: at.y - top - height / 2 } : { x: 0, y: 0 };
    x = from.x - (from.x - x) * (scale / before);
    y = from.y - (from.y - y) * (scale / before);
    place();
  }

  /** @param {number} factor @param {Point} [at] */
  const by = (factor, at) => zoomTo(present() * factor, at);

  /** @param {Point} [at] */
  const toggle = (at) => zoomTo(scale === 0 ? (fit < 1 ? 1 : 2) : fit, at);

  /** @param {number} right @param {number} down */
  function move(right, down) {
    x += right;
    y += down;
    place();
  }

  const endPointers = pointers(box, { by, move, zoomed: () => scale !== 0 });
  /** @param {WheelEvent} event */
  const wheel = (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 33;
    // Two fingers on a touch pad come as a wheel with Ctrl, in far smaller steps.
    by(Math.exp(-Math.max(-240, Math.min(240, lines)) * (event.ctrlKey ? 0.01 : 0.0018)), { x: event.clientX, y: event.clientY });
  };
  /** @param {MouseEvent} event */
  const twice = (event) => toggle({ x: event.clientX, y: event.clientY });
  box.addEventListener("wheel", wheel, { passive: false });
  box.addEventListener("dblclick", twice);
  const sized = new ResizeObserver(place);
  sized.observe(box);

  /** @type {Record<string, () => void>} */
  const keys = { "+": () => by(step), "=": () => by(step), "-": () => by(1 / step), 0: () => zoomTo(fit), 1: () => zoomTo(1) };
  /** @type {Record<string, () => void>} */
  const arrows = { ArrowLeft: () => move(stride, 0), ArrowRight: () => move(-stride, 0), ArrowUp: () => move(0, stride), ArrowDown: () => move(0, -stride) };

  return {
    by,
    toggle: () => toggle(),
    key({ key }) {
      const act = keys[key] ?? (scale === 0 ? undefined : arrows[key]);
      act?.();
      return act !== undefined;
    },
    end() {
      endPointers();
      sized.disconnect();
    },
  };
}

/**
 * Fingers, pen and mouse on the box: one moves what is zoomed, two zoom about their middle.
 *
 * @param {HTMLElement} box
 * @param {{by: (factor: number, at: Point) => void, move: (right: number, down: number) => void, zoomed: () => boolean}} act
 * @returns {() => void}
 */
function pointers(box, act) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  const off = new AbortController();
  const { signal } = off;
  /** @returns {{middle: Point, apart: number}} */
  const two = () => {
    const [a, b] = down.values();
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || down.size === 2) return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    box.setPointerCapture(event.pointerId);
    box.classList.toggle("moving", act.zoomed());
  }, { signal });
  box.addEventListener("pointermove", (event) => {
    const from = down.get(event.pointerId);
    if (!from) return;
    const before = down.size === 2 ? two() : null;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (before) {
      const { middle, apart } = two();
      act.move(middle.x - before.middle.x, middle.y - before.middle.y);
      act.by(apart / before.apart, middle);
    } else if (act.zoomed()) {
      act.move(event.clientX - from.x, event.clientY - from.y);
    }
  }, { signal });
  for (const over of ["pointerup", "pointercancel"]) {
    box.addEventListener(over, (event) => {
      down.delete(/** @type {PointerEvent} */ (event).pointerId);
      if (down.size === 0) box.classList.remove("moving");
    }, { signal });
  }
  return () => off.abort();
}
