// Short messages at the foot of the page, that go away by themselves and are read aloud.
import { t } from "../texts.js";
import { icon } from "../icons.js";
import { button, iconButton } from "./button.js";
import { el, lastDialog } from "./element.js";
import { say } from "./say.js";

/** @type {HTMLElement | null} */
let place = null;

/**
 * Shows a message. It stays for 5 seconds, 10 with an action, and as long as a pointer or the focus is on it; a problem stays until closed.
 * @param {string} text
 * @param {object} [options]
 * @param {"done" | "problem" | ""} [options.kind]
 * @param {string} [options.action] label of a button such as "Undo"
 * @param {() => void} [options.act] what that button does
 * @returns {() => void} takes it away
 */
export function toast(text, { kind = "", action, act } = {}) {
  place ??= region();
  const list = place;
  const close = () => item.remove();
  const item = el("div", { class: "toast", role: kind === "problem" ? "alert" : null },
    kind && icon(kind === "done" ? "circle-check" : "triangle-alert"),
    el("span", {}, text),
    action && button(action, { click: () => { close(); act?.(); } }),
    kind === "problem" && iconButton("x", t("ui.close"), close));
  list.append(item);
  if (kind !== "problem") say(text);
  while (list.childElementCount > 4) list.firstElementChild?.remove();
  settle(true);
  if (kind !== "problem") fade(item, action ? 10_000 : 5_000);
  return close;
}

/** @param {HTMLElement} item @param {number} milliseconds */
function fade(item, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const start = () => { timer = setTimeout(() => item.remove(), milliseconds); };
  const hold = () => clearTimeout(timer);
  item.addEventListener("pointerenter", hold);
  item.addEventListener("focusin", hold);
  item.addEventListener("pointerleave", start);
  item.addEventListener("focusout", start);
  start();
}

function region() {
  // Whatever opens or closes a dialog, messages go with it before it is taken out of the page.
  new MutationObserver(() => settle(false)).observe(document.body, { subtree: true, attributeFilter: ["open"] });
  return el("section", { class: "toasts", popover: "manual", "aria-label": t("ui.messages") });
}

/**
 * Puts the region where it can be used: all outside the last modal dialog is inert. It is a popover, shown anew so that it comes last in the top layer.
 * @param {boolean} raise  also where it lies there already
 */
function settle(raise) {
  if (!place) return;
  const home = lastDialog() ?? document.body;
  if (place.parentElement === home && !raise) return;
  if (place.parentElement !== home) home.append(place);
  if (typeof place.showPopover !== "function") return;
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}
