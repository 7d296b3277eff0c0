/**
 * A box drawn with the mouse around entries chooses them, with Ctrl or Shift besides what is chosen. It begins beside names and pictures, scrolls where it reaches an
 * end of the window, and counts entries that are not in the document. Escape takes it back.
 *
 * @typedef {{from: PointerEvent, to: PointerEvent}} Pressed  where a button was pressed before this was loaded, and where the mouse is now; it is still held
 */
import { el } from "../ui/element.js";

const BEGINS = 5; // CSS pixels until it is a box and no click
const HEAD = 70; // at the top of the window, under the tools
const FOOT = 40;

/**
 * @param {HTMLElement} main
 * @param {() => import("./list-behaviour.js").EntriesView} viewNow
 * @param {AbortSignal} signal  ends it
 * @param {Pressed | null} [pressed]
 */
export function boxes(main, viewNow, signal, pressed) {
  /** @param {PointerEvent} event */
  function press(event) {
    if (event.button !== 0 || event.pointerType === "touch" || event.defaultPrevented || !viewNow().element.isConnected) return;
    if (!(event.target instanceof Element) || event.target.closest("a, button, input, textarea, select, label, [draggable=true], .head, .chosen-bar, .head-row, .void")) return;
    return drawBox(main, event, viewNow(), signal);
  }
  main.addEventListener("pointerdown", press, { signal });
  if (pressed) press(pressed.from)?.(pressed.to);
}

/**
 * @param {HTMLElement} main
 * @param {PointerEvent} first
 * @param {import("./list-behaviour.js").EntriesView} view
 * @param {AbortSignal} over
 * @returns {(event: PointerEvent) => void} the mouse was moved
 */
function drawBox(main, first, view, over) {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, over]);
  const { body } = view.surface;
  const corner = body.getBoundingClientRect();
  const from = { x: first.clientX - corner.x, y: first.clientY - corner.y };
  const before = view.chosen().map(({ path }) => path);
  const base = first.ctrlKey || first.metaKey || first.shiftKey ? before : [];
  const box = el("div", { class: "box" });
  let x = first.clientX;
  let y = first.clientY;
  let frame = 0;
  let last = "";
  let takenBack = false;
  /** @type {string[]} */
  let found = [];

  function draw() {
    frame = 0;
    if (y < HEAD) scrollBy(0, (y - HEAD) / 1.5);
    else if (y > innerHeight - FOOT) scrollBy(0, (y - innerHeight + FOOT) / 1.5);
    const now = body.getBoundingClientRect();
    const rect = between(from.x + now.x, from.y + now.y, x, y);
    for (const [name, value] of Object.entries({ left: rect.x, top: rect.y, width: rect.width, height: rect.height })) box.style.setProperty(name, `${value}px`);
    found = within(view, new DOMRect(rect.x - now.x, rect.y - now.y, rect.width, rect.height));
    const paths = [...new Set([...base, ...found])];
    if (paths.join("\n") !== last) view.chooseAll(paths);
    last = paths.join("\n");
    if (y < HEAD || y > innerHeight - FOOT) later(); // it goes on scrolling while the mouse stands still
  }
  function later() {
    frame ||= requestAnimationFrame(draw);
  }
  function end() {
    if (box.isConnected || takenBack) {
      // The click that the browser makes of it would choose something else.
      const swallow = (/** @type {Event} */ event) => event.stopPropagation();
      addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    }
    cancelAnimationFrame(frame);
    box.remove();
    ended.abort();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    ({ clientX: x, clientY: y } = event);
    if (takenBack) return;
    if (!box.isConnected) {
      if (Math.hypot(x - first.clientX, y - first.clientY) < BEGINS) return;
      main.append(box);
      main.setPointerCapture(first.pointerId);
    }
    later();
  }
  addEventListener("pointermove", move, { signal });
  addEventListener("scroll", () => box.isConnected && later(), { signal, passive: true });
  addEventListener("selectstart", (event) => event.preventDefault(), { signal });
  addEventListener("pointerup", ({ clientX, clientY }) => {
    if (box.isConnected) {
      [x, y] = [clientX, clientY];
      cancelAnimationFrame(frame); // or that draw would begin others, without end
      draw();
      const nearest = y < first.clientY ? found[0] : found.at(-1);
      if (nearest !== undefined) view.stand(nearest);
    }
    end();
  }, { signal });
  addEventListener("pointercancel", end, { signal });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.isConnected) return;
    event.preventDefault();
    event.stopPropagation();
    cancelAnimationFrame(frame);
    box.remove();
    takenBack = true; // the button is still held: its click is to come
    view.chooseAll(before);
  }, { signal, capture: true });
  over.addEventListener("abort", end, { signal: ended.signal });
  return move;
}

/**
 * The paths of the entries that a box in the body touches. Rows and columns all have one measure, so only the first of each is asked for.
 * @param {import("./list-behaviour.js").EntriesView} view
 * @param {DOMRect} box
 */
function within(view, box) {
  const entries = view.entries();
  const { rectOf, columns } = view.surface;
  if (entries.length === 0) return [];
  const across = columns();
  const one = rectOf(0);
  const step = entries.length > across ? rectOf(across).y - one.y : one.height;
  const first = Math.max(0, Math.floor((box.top - one.y) / step));
  const last = Math.min(Math.ceil(entries.length / across) - 1, Math.floor((box.bottom - one.y) / step));
  const hit = Array.from({ length: Math.min(across, entries.length) }, (_, i) => rectOf(i)).flatMap((rect, i) => (rect.left < box.right && rect.right > box.left ? [i] : []));
  const found = [];
  for (let row = first; row <= last; row++) {
    const top = one.y + row * step;
    if (top >= box.bottom || top + one.height <= box.top) continue; // between two rows
    for (const column of hit) {
      const entry = entries[row * across + column];
      if (entry) found.push(entry.path);
    }
  }
  return found;
}

/**
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 */
function between(ax, ay, bx, by) {
  return new DOMRect(Math.min(ax, bx), Math.min(ay, by), Math.abs(ax - bx), Math.abs(ay - by));
}
