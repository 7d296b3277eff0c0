/**
 * What is done in a page of entries with a mouse: boxes drawn around some, and entries dragged. It is loaded when there is a mouse.
 *
 * @typedef {object} Place
 * @property {HTMLElement} main
 * @property {HTMLElement} place  holds the items of the view
 * @property {() => import("./list-behaviour.js").EntriesView} view  that is shown now
 * @property {Pick<Parameters<typeof takesDragged>[0], "path" | "drop" | "discard"> | null} drags  null: entries cannot be dragged
 * @property {(held: boolean) => void} hold  whether something is being dragged, so that nothing may move under the mouse
 * @property {AbortSignal} signal  ends it
 * @property {import("./box.js").Pressed | null} [pressed]  a box is drawn from there at once
 */
import { boxes } from "./box.js";
import { dragsFrom, takesDragged } from "./drag.js";

/** @param {Place} options */
export function withMouse({ main, place, view, drags, hold, signal, pressed }) {
  boxes(main, view, signal, pressed);
  if (!drags) return;
  dragsFrom(place, view, hold);
  takesDragged({ ...drags, hold, signal });
}
