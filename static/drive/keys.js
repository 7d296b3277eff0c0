/**
 * The keys of commands: one listener for the whole page, which leaves alone what is typed into a field, and all keys while a dialog or a menu is open.
 *
 * A key is written as KeyboardEvent.key says it, with Ctrl+, Shift+ or Alt+ before it in this order: "F2", "Ctrl+Shift+N", "/". Ctrl is also the command key of a Mac. What is
 * a character by itself ("/", "?") is taken whether Shift is needed for it or not.
 *
 * @typedef {import("./commands.js").PaneContext} PaneContext
 */
import { perform } from "./commands.js";

/**
 * @template {PaneContext} C
 * @param {() => {commands: import("./commands.js").Command<C>[], context: C, begin?: () => void}} now  begin: chooses what context.chosen says
 * @returns {() => void} ends it
 */
export function commandKeys(now) {
  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.defaultPrevented || event.isComposing || isTyping(event.target) || isCovered()) return;
    const key = keyOf(event);
    const { commands, context, begin } = now();
    const command = commands.find((one) => !one.byEvent && one.keys?.includes(key) && one.when(context));
    if (!command) return;
    event.preventDefault();
    if (command.offered?.includes("row")) begin?.();
    perform(command, context);
  }
  document.addEventListener("keydown", pressed, { capture: true }); // before the list takes it for the beginning of a name
  return () => document.removeEventListener("keydown", pressed, { capture: true });
}

/** Whether a dialog or a menu is open, whose keys these are. */
export const isCovered = () => document.querySelector("dialog[open], .menu:popover-open") !== null;

/** @param {KeyboardEvent} event */
function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const many = ctrlKey || metaKey;
  const name = key.length === 1 ? key.toUpperCase() : key;
  return (many ? "Ctrl+" : "") + (shiftKey && (many || key.length > 1) ? "Shift+" : "") + (altKey ? "Alt+" : "") + name;
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select") || (target instanceof HTMLInputElement && target.type !== "checkbox"));
}
