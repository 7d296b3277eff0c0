/**
 * Loads a module only when it is needed, so that a first visit stays light. A module of a page that is older than the server is not there any more
 * (/static/HASH is another): that is told as what it is.
 *
 *   const { work } = await later(() => import(...));
 *   const { ask } = await held(later(() => import(...)));    // ask opens a dialog: what is typed before it is there goes nowhere else
 */
import { toast } from "./ui/toast.js";
import { t } from "./texts.js";

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} fails as the import does, after a person was told
 */
export async function later(load) {
  try {
    return await load();
  } catch (error) {
    toast(t("view.unavailable"), { kind: "problem", action: t("shell.again"), act: () => location.reload() });
    throw error;
  }
}

let holding = 0;

/**
 * Keeps the keyboard from the page while something is awaited that will take it: who has chosen "New folder" and types on does not mean the list.
 * @template T
 * @param {Promise<T>} coming
 * @returns {Promise<T>}
 */
export async function held(coming) {
  if (holding++ === 0) addEventListener("keydown", swallow, { capture: true });
  try {
    return await coming;
  } finally {
    if (--holding === 0) removeEventListener("keydown", swallow, { capture: true });
  }
}

/** @param {KeyboardEvent} event */
function swallow(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return; // the browser's own, such as to load anew
  event.preventDefault();
  event.stopImmediatePropagation();
}

let opening = /** @type {object | null} */ (null);
addEventListener("focusin", ({ target }) => {
  if (target instanceof Element && target.closest("dialog")) opening = null;
}, { capture: true });

/**
 * Does what loads and opens a dialog, unless another one is on its way: an impatient click would open two.
 * @param {() => unknown} open
 */
export async function oneDialog(open) {
  if (opening) return;
  const mine = (opening = {});
  try {
    await open();
  } finally {
    if (opening === mine) opening = null;
  }
}
