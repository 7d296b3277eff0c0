/**
 * Short messages at the foot of the page, read aloud.
 *
 * How long one stays:
 * - What was done, or is merely told, fades by itself: it can be seen in the page too.
 * - A problem never goes by time alone (WCAG 2.2, 2.2.1). It goes when it is closed, when something of its topic is done, and when the person goes on to another page.
 * - A problem that must be answered, since work would be lost, is kept over another page (`keep`).
 * - Of a topic that says so (`only`), such as what was undone, the last message takes the place of the one before. So does one with the same words.
 * - Three are seen at once, the last ones. Problems behind them come into sight again.
 */
import { t } from "../texts.js";
import { icon } from "../icons.js";
import { button, iconButton } from "./button.js";
import { el, lastDialog } from "./element.js";
import { say } from "./say.js";

/** @type {HTMLElement | null} */
let place = null;

const MOST = 12; // messages, seen or behind others

/** @type {Map<Element, {text: string, kind: string, topic: string, keep: boolean, page: string}>} */
const shown = new Map();

/**
 * Shows a message. It stays for 5 seconds, 10 with an action, and as long as a pointer or the focus is on it; a problem as the rule above says.
 * @param {string} text
 * @param {object} [options]
 * @param {"done" | "problem" | ""} [options.kind]
 * @param {string} [options.action] label of a button such as "Undo"
 * @param {() => void} [options.act] what that button does
 * @param {string} [options.topic] what it is about, in words for programs
 * @param {boolean} [options.only] it takes the place of an earlier one of its topic
 * @param {boolean} [options.keep] also when the person goes to another page
 * @returns {() => void} takes it away
 */
export function toast(text, { kind = "", action, act, topic = "", only = false, keep = false } = {}) {
  place ??= region();
  const list = place;
  takeAway((one) => (one.text === text && one.kind === kind) || (topic !== "" && one.topic === topic && (only || (kind === "done" && one.kind === "problem"))));
  const close = () => remove(item);
  const item = el("div", { class: "toast", role: kind === "problem" ? "alert" : null },
    kind && icon(kind === "done" ? "circle-check" : "triangle-alert"),
    el("span", {}, text),
    action && button(action, { click: () => { close(); act?.(); } }),
    kind === "problem" && iconButton("x", t("ui.close"), close));
  list.append(item);
  shown.set(item, { text, kind, topic, keep, page: location.pathname });
  if (kind !== "problem") say(text);
  if (shown.size > MOST) remove(/** @type {Element} */ (list.firstElementChild));
  settle(true);
  if (kind !== "problem") fade(item, action ? 10_000 : 5_000);
  return close;
}

/** To be called when another page is shown: takes away the problems of those before. */
export const leaveProblems = () => takeAway(({ kind, keep, page }) => kind === "problem" && !keep && page !== location.pathname);

/** @param {(one: {text: string, kind: string, topic: string, keep: boolean, page: string}) => boolean} which */
function takeAway(which) {
  for (const [item, one] of shown) if (which(one)) remove(item);
}

/** @param {Element} item */
function remove(item) {
  shown.delete(item);
  item.remove();
}

/** @param {HTMLElement} item @param {number} milliseconds */
function fade(item, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const start = () => { timer = setTimeout(() => remove(item), milliseconds); };
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
