// Menus at a button or at the pointer: a popover, steered by arrow keys, first letters and Escape.
import { icon } from "../icons.js";
import { el, lastDialog } from "./element.js";

/**
 * @typedef {object} MenuItem
 * @property {string} text
 * @property {string} [icon]
 * @property {string} [keys] that do the same, as they are written on a keyboard
 * @property {boolean} [danger]
 * @property {boolean} [disabled]
 * @property {() => void} act
 */

/**
 * Opens a menu. Focus goes to its first item, and back to where it was when the menu closes without an act that moved it.
 * @param {Element | {x: number, y: number}} at a button (marked aria-expanded meanwhile), or a point of the window
 * @param {(MenuItem | null | false | undefined)[]} items null is a line between groups; false and undefined are left out
 * @param {string} label read aloud
 * @returns {() => void} closes it
 */
export function openMenu(at, items, label) {
  const before = document.activeElement;
  const anchor = at instanceof Element ? at : null;
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" });
  for (const item of items) {
    if (item === null) menu.append(el("hr", { role: "separator" }));
    if (!item) continue;
    menu.append(el("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : null, disabled: item.disabled, "data-keys": item.keys ?? null, "aria-description": item.keys ?? null,
      click: (/** @type {MouseEvent} */ event) => {
        if (event.detail > 1) return; // the second of a double click on what opened the menu
        close();
        item.act();
      },
    }, item.icon && icon(item.icon), el("span", {}, item.text)));
  }
  // A menu of a modal dialog must lie within it, or it would be inert; any other belongs to the page's main part.
  const home = anchor?.closest("dialog[open]") ?? lastDialog() ?? document.getElementById("main") ?? document.body;
  home.append(menu);

  const open = new AbortController(); // until it closes
  // A finger that taps beside it puts it away, and opens nothing that lies there.
  addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || (event.target instanceof Node && menu.contains(event.target))) return;
    swallowTap();
  }, { capture: true, signal: open.signal });

  function close() {
    if (menu.matches(":popover-open")) menu.hidePopover();
  }
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
    open.abort();
    anchor?.removeAttribute("aria-expanded");
    const inside = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (inside && before instanceof HTMLElement && before.isConnected) before.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const buttons = [...menu.querySelectorAll("button:not(:disabled)")].filter((b) => b instanceof HTMLElement);
    const now = buttons.findIndex((b) => b === document.activeElement);
    const go = (/** @type {number} */ i) => {
      event.preventDefault();
      buttons.at(i % buttons.length)?.focus();
    };
    event.stopPropagation();
    switch (event.key) {
    case "ArrowDown": return go(now + 1);
    case "ArrowUp": return go(now <= 0 ? -1 : now - 1);
    case "Home": return go(0);
    case "End": return go(-1);
    case "Tab": return close();
    }
    if (event.key.length !== 1 || event.key === " ") return;
    const wanted = event.key.toLocaleLowerCase();
    const order = [...buttons.slice(now + 1), ...buttons.slice(0, now + 1)];
    order.find((b) => b.textContent?.trim().toLocaleLowerCase().startsWith(wanted))?.focus();
  });
  menu.addEventListener("contextmenu", (event) => event.preventDefault());

  function place() {
    const box = at instanceof Element ? at.getBoundingClientRect() : new DOMRect(at.x, at.y, 0, 0);
    const { width, height } = menu.getBoundingClientRect();
    let left = anchor ? box.right - width : box.left;
    let top = box.bottom + (anchor ? 4 : 0);
    if (top + height > innerHeight - 8) {
      top = box.top - height - 4;
      if (top < 8) { // neither below nor above: beside, and never over what opened it
        top = Math.max(8, innerHeight - height - 8);
        left = box.left - width - 4 >= 8 ? box.left - width - 4 : box.right + 4;
      }
    }
    menu.style.setProperty("left", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
    menu.style.setProperty("top", `${top}px`);
  }
  menu.showPopover();
  anchor?.setAttribute("aria-expanded", "true");
  place();
  addEventListener("resize", place, { signal: open.signal });
  const first = menu.querySelector("button:not(:disabled)");
  if (first instanceof HTMLElement) first.focus();
  return close;
}

/** Has the click that the browser makes of a finger's tap do nothing. */
function swallowTap() {
  const over = new AbortController();
  addEventListener("click", (event) => {
    over.abort();
    if (event.detail === 0) return; // from the keyboard
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true, signal: over.signal });
  addEventListener("pointerdown", () => over.abort(), { capture: true, once: true, signal: over.signal }); // that one was no tap
}
