/**
 * The keyboard in a file list, as file explorers have it: arrows, Home, End, Page Up and Down, Space, Enter, Ctrl+A, Escape, the menu key, and
 * the first letters of a name. keys-dialog.js tells of them; the keys of commands are in keys.js.
 *
 * @typedef {object} KeyOptions
 * @property {import("./selection.js").Selection} chosen
 * @property {() => string[]} names
 * @property {() => number} page
 * @property {() => number} columns
 * @property {(index: number) => void} focus
 * @property {(index: number, event: Event) => void} open
 * @property {(index: number) => void} menu
 * @property {(target: Node) => boolean} within  whether something lies in the list
 */

const PAUSE = 800; // milliseconds after which the letters of a name begin anew

/**
 * @param {KeyOptions} options
 * @returns {(event: KeyboardEvent) => void}
 */
export function listKeys({ chosen, names, page, columns, focus, open, menu, within }) {
  let typed = "";
  let typedAt = 0;

  /**
   * @param {number} index
   * @param {KeyboardEvent} event
   */
  function go(index, event) {
    event.preventDefault();
    const last = names().length - 1;
    const to = Math.min(Math.max(0, index), last);
    if (last < 0) return;
    if (event.shiftKey) chosen.extend(to);
    else if (event.ctrlKey || event.metaKey) chosen.move(to);
    else chosen.only(to);
    focus(to);
  }

  /** @param {string} letter */
  function find(letter) {
    const now = performance.now();
    typed = now - typedAt > PAUSE ? letter : typed + letter;
    typedAt = now;
    const wanted = typed.toLocaleLowerCase();
    const all = names();
    const from = chosen.focus + (typed.length === 1 ? 1 : 0);
    for (let step = 0; step < all.length; step++) {
      const index = (from + step) % all.length;
      if (all[index].toLocaleLowerCase().startsWith(wanted)) return index;
    }
    return -1;
  }

  return (event) => {
    if (event.defaultPrevented || (event.target instanceof HTMLInputElement && event.target.type !== "checkbox")) return;
    const at = chosen.focus;
    const inRow = event.target instanceof HTMLElement && event.target.matches("[data-index]");
    const outside = event.target instanceof Node && !within(event.target);
    if (event.altKey) return;
    if (outside && chosen.size === 0 && event.key.startsWith("Arrow")) return go(at, event); // into the list
    switch (event.key) {
      case "ArrowDown":
        return go(at + columns(), event);
      case "ArrowUp":
        return go(at - columns(), event);
      case "ArrowRight":
      case "ArrowLeft":
        if (columns() === 1) return;
        return go(at + (event.key === "ArrowRight" ? 1 : -1), event);
      case "Home":
        return go(0, event);
      case "End":
        return go(Infinity, event);
      case "PageDown":
        return go(at + page(), event);
      case "PageUp":
        return go(at - page(), event);
      case "Escape":
        if (chosen.size > 0) chosen.none();
        return;
      case "ContextMenu":
      case "F10":
        if (event.key === "F10" && !event.shiftKey) return;
        event.preventDefault();
        if (chosen.size === 0) chosen.only(at);
        return menu(at);
    }
    if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return chosen.all();
    }
    if (!(inRow || outside) || event.ctrlKey || event.metaKey) return;
    if (outside && (event.key === "Enter" || event.key === " ")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      open(at, event);
    } else if (event.key === " " && (typed === "" || performance.now() - typedAt > PAUSE)) {
      event.preventDefault();
      chosen.toggle(at);
    } else if (event.key.length === 1) {
      event.preventDefault();
      const found = find(event.key);
      if (found >= 0) {
        chosen.only(found);
        focus(found);
      }
    }
  };
}
