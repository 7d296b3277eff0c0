/**
 * How a view of entries behaves, whatever it looks like: what is chosen by pointer and keyboard as in a file explorer, where the focus is, how a name is typed
 * anew. What it looks like is a Surface: the list of list.js, or tiles. It knows nothing of where the entries come from; what is to be done
 * with them it says through its options. Start from entriesView.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./order.js").Order} Order
 *
 * @typedef {object} ViewOptions
 * @property {string} label  read aloud
 * @property {((entry: Entry) => string) | null} hrefOf  null: the names lead nowhere, and are buttons
 * @property {(entry: Entry) => string} [whereOf]  the folder that is told beside a name
 * @property {(entry: Entry) => string} [byWhom]  told after that folder, and never cut for it
 * @property {import("./row.js").RowOptions["actions"]} actions  the last one opens the menu
 * @property {(entry: Entry, event: Event) => void} open
 * @property {(action: string, entry: Entry, button: HTMLElement) => void} act
 * @property {(at: Element | {x: number, y: number}) => void} menu  for what is chosen
 * @property {() => void} changed  what is chosen has changed
 * @property {(order: Order) => void} [sorted]  a person chose another order
 * @property {import("../view/thumbnails.js").Pictures} [pictures]  small pictures, for a surface of which they are the most
 * @property {() => Promise<ReturnType<typeof import("./row-pictures.js").rowPictures> | null>} [rowPictures]  loads what puts them into rows
 * @property {boolean} [drags]  entries can be dragged
 * @property {(entry: Entry) => boolean} [leaving]  it was cut, and waits to be pasted
 * @property {(path: string) => boolean} [withheld]  it is being deleted or moved: it can be neither chosen nor opened
 * @property {ViewState} [from]  where another view of the same entries was left
 * @property {Order} [order]  the first one; by name unless it is given
 * @property {(entries: readonly Entry[], order: Order) => Entry[]} [arrange]  puts them in order, where folders do not come first
 * @property {import("./row.js").TimeColumn} [time]
 *
 * @typedef {object} ViewState
 * @property {Order} order
 * @property {ReturnType<import("./selection.js").Selection["state"]>} [selection]
 *
 * @typedef {object} Host  what a surface gets; indices are those of the entries as they are shown
 * @property {ViewOptions} options
 * @property {() => Entry[]} entries
 * @property {() => Order} order
 * @property {(index: number) => {chosen: boolean, focused: boolean, leaving: boolean, withheld: boolean}} stateOf
 * @property {() => number} kept  the index that must stay in the document, or -1
 * @property {(order: Order) => void} sort
 * @property {() => void} chooseAll  all, or none where all are chosen
 * @property {() => number} chosenCount
 *
 * @typedef {object} Surface
 * @property {HTMLElement} element  all of it
 * @property {HTMLElement} body  holds the items, by themselves or in lines; an item has role row or gridcell, tabindex and data-index, its checkbox the class pick around it, its
 *   name the class name, and its buttons data-action
 * @property {() => void} show  the entries are others, or in another order
 * @property {() => void} mark  another choice or focus: stateOf says others
 * @property {(index: number) => void} redraw  one item anew
 * @property {(index: number) => HTMLElement} reveal  scrolls an item into sight and returns it
 * @property {(item: HTMLElement) => HTMLElement} nameOf  what the field for a new name is put into
 * @property {(index: number) => DOMRect} rectOf  where an item lies in the body, in CSS pixels from its corner, also of one that is not in the document
 * @property {() => number} columns  1 in a list
 * @property {() => number} page  how many items fit on the screen
 * @property {() => void} end
 *
 * @typedef {ReturnType<typeof entriesView>} EntriesView
 */
import { byName, inOrder } from "./order.js";
import { askName } from "./rename.js"; // not loaded later: what is typed right after F2 is the name
import { listKeys } from "./list-keys.js";
import { parentOf } from "./place.js";
import { oneIsEnough } from "../ui/second-click.js";
import { selection } from "./selection.js";

/**
 * @param {ViewOptions} options
 * @param {(host: Host) => Surface} make
 */
export function entriesView(options, make) {
  let entries = /** @type {Entry[]} */ ([]);
  let listed = /** @type {Entry[]} */ ([]); // the same as they came, which is by name and so sorted most quickly
  let order = options.from?.order ?? options.order ?? byName;
  let renaming = -1;
  let byTouch = false; // a finger chooses more, once something is chosen
  let leaveField = () => {};
  let waiting = /** @type {Entry[] | null} */ (null); // a listing that came while a name was being typed

  /** @param {Entry} entry */
  const stateOf = (entry) =>
    ({ chosen: chosen.has(entry.path), focused: chosen.stands(entry.path), leaving: options.leaving?.(entry) ?? false, withheld: options.withheld?.(entry.path) ?? false });
  const isWithheld = (/** @type {number} */ index) => entries[index] !== undefined && options.withheld?.(entries[index].path) === true;
  const chosen = selection(mark, options.withheld);
  if (options.from?.selection) chosen.restore(options.from.selection);
  const surface = make({
    options,
    entries: () => entries,
    order: () => order,
    stateOf: (index) => stateOf(entries[index]),
    kept: () => (renaming >= 0 ? renaming : chosen.focus),
    sort,
    chooseAll() {
      if (chosen.size === entries.length) chosen.none();
      else chosen.all();
    },
    chosenCount: () => chosen.size,
  });
  const { element, body } = surface;

  function mark() {
    surface.mark();
    element.classList.toggle("choosing", chosen.size > 0);
    options.changed();
  }

  /** @param {number} index */
  function focus(index) {
    if (entries[index]) surface.reveal(index).focus({ preventScroll: true });
  }

  /**
   * Puts the keyboard where the mouse is: that is in sight, and must not move under it.
   * @param {Event} event
   * @param {number} index
   */
  function stay(event, index) {
    const item = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    if (item instanceof HTMLElement && item.isConnected) item.focus({ preventScroll: true });
    else focus(index);
  }

  /**
   * @param {Event} event
   * @returns {number} the index of the item it happened in, or -1
   */
  function indexAt(event) {
    const item = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    return item instanceof HTMLElement && body.contains(item) ? Number(item.dataset.index) : -1;
  }

  body.addEventListener("click", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming || !(event.target instanceof Element)) return;
    if (isWithheld(index)) return event.preventDefault();
    const button = event.target.closest("button");
    const many = event.ctrlKey || event.metaKey || (byTouch && event.detail > 0 && chosen.size > 0 && !event.target.closest(".pick"));
    const name = button?.classList.contains("name");
    if (button && !name) {
      if (!chosen.has(entries[index].path)) chosen.only(index);
      options.act(button.dataset.action ?? "", entries[index], button);
    } else if (event.shiftKey || many) {
      event.preventDefault();
      if (event.shiftKey) chosen.extend(index);
      else chosen.toggle(index);
      stay(event, index);
    } else if (event.target.closest(".pick")) {
      chosen.toggle(index);
      mark(); // the checkbox has turned itself already
      stay(event, index);
    } else if (name || event.target.closest("a")) {
      oneIsEnough(event);
      options.open(entries[index], event);
    } else {
      chosen.only(index);
      stay(event, index);
    }
  });
  body.addEventListener("pointerdown", ({ pointerType }) => void (byTouch = pointerType === "touch"), { passive: true });
  body.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault(); // no text gets marked
  });
  body.addEventListener("dblclick", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming || (event.target instanceof Element && event.target.closest("button, a, .pick")) || isWithheld(index)) return;
    options.open(entries[index], event);
  });
  body.addEventListener("contextmenu", (event) => {
    const index = indexAt(event);
    if (index < 0 || index === renaming) return;
    event.preventDefault();
    if (isWithheld(index)) return;
    if (!chosen.has(entries[index].path)) chosen.only(index);
    stay(event, index);
    options.menu({ x: event.clientX, y: event.clientY });
  });
  body.addEventListener("focusin", (event) => {
    const index = indexAt(event);
    if (index >= 0 && index !== chosen.focus) chosen.move(index);
  });
  const pressed = listKeys({
    chosen,
    names: () => entries.map(({ name }) => name),
    page: surface.page,
    columns: surface.columns,
    focus,
    open: (index, event) => void (isWithheld(index) || options.open(entries[index], event)),
    menu: (index) => void (chosen.size > 0 && options.menu(surface.reveal(index).querySelector("[data-action]:last-child") ?? element)),
    within: (target) => body.contains(target),
  });
  body.addEventListener("keydown", pressed);

  /** @param {Entry[]} next */
  function show(next) {
    const focused = body.contains(document.activeElement);
    listed = next;
    entries = (options.arrange ?? inOrder)(next, order);
    chosen.setPaths(entries.map(({ path }) => path));
    surface.show();
    if (focused) focus(chosen.focus);
  }

  /** @param {Order} next */
  function sort(next) {
    order = next;
    show(listed);
    options.sorted?.(order);
  }

  /** @param {string} path */
  const indexOf = (path) => entries.findIndex((entry) => entry.path === path);

  return {
    element,
    /**
     * Shows these entries; what was chosen and is still there stays chosen.
     * @param {Entry[]} next
     */
    setEntries(next) {
      if (renaming >= 0) waiting = next;
      else show(next);
    },
    /** What is chosen, as it is shown. */
    chosen() {
      return entries.filter(({ path }) => chosen.has(path));
    },
    /** Does what a key does in the list, for one that was pressed where nothing takes it. */
    pressed,
    /** All entries, as they are shown. */
    entries: () => entries,
    /** The same in the order in which they came. */
    listed: () => waiting ?? listed,
    clear: () => chosen.none(),
    /** What `leaving` says has changed. */
    mark: () => surface.mark(),
    /** What `withheld` says has changed: what was chosen of it is so no more. */
    withhold: () => chosen.set(chosen.paths()),
    /**
     * Chooses these and no others.
     * @param {string[]} paths
     */
    chooseAll: (paths) => chosen.set(paths),
    /**
     * Chooses one entry and scrolls to it.
     * @param {string} path
     */
    choose(path) {
      const index = indexOf(path);
      if (index < 0) return;
      chosen.only(index);
      focus(index);
    },
    /**
     * Puts the keyboard on one entry, without choosing it.
     * @param {string} path
     */
    stand(path) {
      const index = indexOf(path);
      if (index < 0) return;
      chosen.move(index);
      focus(index);
    },
    /** Puts the keyboard into the list. */
    focus: () => focus(Math.max(0, chosen.focus)),
    /**
     * Lets a person type another name in the row itself.
     * @param {Entry} entry
     * @param {string} [typed]  what stands in the field at first, instead of the old name
     * @returns {Promise<import("./rename.js").Typed | null>} null where the name stays
     */
    async rename(entry, typed) {
      const index = indexOf(entry.path);
      if (index < 0 || renaming >= 0) return null;
      const item = surface.reveal(index);
      renaming = index;
      const beside = entries.filter(({ path }) => parentOf(path) === parentOf(entry.path)); // a search shows those of other folders as well
      const asked = askName(surface.nameOf(item), entry, beside, typed);
      leaveField = asked.leave;
      const answer = await asked.answer;
      leaveField = () => {};
      renaming = -1;
      surface.redraw(index);
      if (!answer?.left) focus(index); // or it would be taken from where it went
      if (waiting) show(waiting);
      waiting = null;
      return answer;
    },
    /** The entry that the keyboard stands on, while the focus is in the view. */
    focused: () => (body.contains(document.activeElement) ? (entries[chosen.focus] ?? null) : null),
    order: () => order,
    sort,
    state: () => /** @type {Required<ViewState>} */ ({ order, selection: chosen.state() }),
    /** Where the items lie, for a box that is drawn around some. */
    surface,
    end() {
      leaveField();
      surface.end();
    },
  };
}
