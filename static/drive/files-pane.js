/**
 * A page of entries: its heading, tools, list, menus and keys, all drawn from an array of commands. A folder, what was found, what changed lately and the trash are
 * each such a page. It knows nothing of where the entries come from and reads nothing.
 *
 * A page of the drive makes it thus (folder-view.js is the example), and calls end() when it is left:
 *
 *   const pane = filesPane(main, { ...drivePane({ path: null, drive, desk, signal, reread }), title, way });
 *   pane.cover(skeleton(8, t("drive.loading")));           // in place of the entries: while they are read, or what went wrong
 *   pane.show(entries, () => emptyState({ ... }));         // the entries; the function makes what is shown where there are none
 *
 * A page that is not of the drive (the trash) gives commands, context and open of its own in place of drivePane's. Its entries are any objects that have what an Entry
 * has; `path` must be their own, for by it they are told apart.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {import("./commands.js").PaneContext} PaneContext
 *
 * @typedef {object} FilesPane
 * @property {Promise<void>} ready  once it shows what it was given, be it as a grid
 * @property {HTMLElement} place  what holds the entries or covers them
 * @property {(element: HTMLElement) => void} note  puts something between the head and the list
 * @property {import("./commands.js").Command<any>[]} commands
 * @property {(entries: Entry[], empty: () => HTMLElement) => void} show  what was chosen and is still there stays chosen
 * @property {(instead: HTMLElement) => void} cover
 * @property {() => Entry[]} entries  as they are shown
 * @property {(path: string) => void} choose  one entry, and scrolls to it
 * @property {(paths: string[]) => void} chooseAll  these and no others
 * @property {(path: string) => void} stand  puts the keyboard on an entry, without choosing it
 * @property {() => void} focus  puts the keyboard into the list
 * @property {(entry: Entry, typed?: string) => Promise<import("./rename.js").Typed | null>} rename  lets a person type another name in place, or go on with what was typed; null
 *   where it stays. Nothing is renamed by it
 * @property {(options?: {folder?: boolean}) => void} pick  opens the browser's dialog for files to upload, within a click
 * @property {boolean} canFind
 * @property {() => void} find  puts the keyboard into the search field
 * @property {() => void} end
 */
/**
 * @template {PaneContext} C
 * @typedef {object} PaneOptions
 * @property {string} title  said as the page's heading, and of the list
 * @property {HTMLElement} way  what stands at the beginning of the head: the way to a folder, or the title as it is seen
 * @property {import("./commands.js").Command<C>[]} commands
 * @property {(base: PaneContext) => C} context  what commands get besides
 * @property {(entry: Entry, event: Event, context: C) => void} open  by Enter, a double click or a click on the name
 * @property {((entry: Entry) => string) | null} hrefOf  where a name leads; null: nowhere, it is a button
 * @property {(entry: Entry) => string} [whereOf]  the folder that is told beside a name
 * @property {import("./order.js").Order} [order]  the first one; by name unless it is given
 * @property {import("./list-behaviour.js").ViewOptions["arrange"]} [arrange]
 * @property {(entry: Entry) => string} [byWhom]  told after that folder, and never cut for it
 * @property {import("./row.js").TimeColumn} [time]
 * @property {readonly import("./order.js").Column[]} [columns]  a list without a choice is sorted by these where its head has no room; without it, by none
 * @property {{first: import("./view-choice.js").ViewChoice, keep: (choice: import("./view-choice.js").ViewChoice) => void}} [choice]  as what it is shown, which a person may
 *   change; without it as a list. `order` goes before its own
 * @property {() => Promise<import("../view/thumbnails.js").Pictures>} [pictures]  loads what makes the small pictures of a grid and of rows
 * @property {{command: string, label: (entry: Entry) => string}[]} [quick]  commands that each row has a button for, before the one that opens its menu
 * @property {import("./toolbar.js").Finder} [finder]
 * @property {import("./toolbar.js").Uploading} [upload]
 * @property {import("./mouse.js").Place["drags"]} [drags]  where what is dragged goes; entries can be dragged then
 * @property {{has: (entry: Entry) => boolean, onChange: (listener: () => void) => () => void}} [leaving]  what was cut, and waits to be pasted
 * @property {{has: (path: string) => boolean, onChange: (listener: () => void) => () => void}} [withheld]  what is being deleted or moved, and cannot be chosen
 * @property {HTMLElement[]} [extra]  more controls in the toolbar
 */
import { el, fill } from "../ui/element.js";
import { openMenu } from "../ui/menu.js";
import { t } from "../texts.js";
import { menuOf, perform } from "./commands.js";
import { commandKeys, isCovered, isTyping } from "./keys.js";
import { later } from "../later.js";
import { lazyMouse } from "./lazy-mouse.js";
import { fileList } from "./list.js";
import { byName } from "./order.js";
import { needStyle } from "../ui/style.js";
import { toolbar } from "./toolbar.js";
import { viewSwitch } from "./view-switch.js";

/** Whether a person asked the browser to load no more than it has to. */
const savesData = () => /** @type {{connection?: {saveData?: boolean}}} */ (navigator).connection?.saveData === true;

/**
 * @template {PaneContext} C
 * @param {HTMLElement} main  is filled anew
 * @param {PaneOptions<C>} options
 * @returns {FilesPane}
 */
export function filesPane(main, options) {
  const { title, way, commands, quick = [], choice } = options;
  /** @type {"list" | "grid"} */
  let seenAs = "list";
  let turn = 0;
  /** What is to be shown once the grid is loaded. @type {{entries: Entry[], empty: () => HTMLElement} | null} */
  let waiting = null;
  let loading = false;
  /** @type {import("../view/thumbnails.js").Pictures | undefined} */
  let pictures;
  /** @type {Promise<void> | null} */
  let loadingPictures = null;

  /** @param {Entry[]} chosen */
  const contextOf = (chosen) => options.context({ chosen, pane });
  const context = () => contextOf(view?.chosen() ?? []);
  /** What is chosen by a drag is told once it has ended: nothing is to come under the mouse meanwhile. */
  let held = false;
  const hold = (/** @type {boolean} */ now) => {
    held = now;
    if (!held) tools.draw();
  };
  const command = (/** @type {string} */ name) => commands.find((one) => one.name === name);

  const ways = (choice || options.columns) && viewSwitch({
    order: () => view.order(),
    sort: (order) => view.sort(order),
    chooseAll: () => view.chooseAll(view.entries().map(({ path }) => path)),
    columns: options.columns,
    time: options.time?.text,
    ...(choice && { way: () => seenAs, show: (next) => void seeAs(next).then(keep) }),
  });
  const keep = () => choice?.keep({ way: seenAs, order: view.order() });

  const tools = toolbar({
    commands,
    context,
    place: () => contextOf([]),
    finder: options.finder,
    upload: options.upload,
    extra: ways ? [...(options.extra ?? []), ways.element] : options.extra,
    clear: () => view.clear(),
    intoList,
  });

  /** @param {KeyboardEvent} event */
  function intoList(event) {
    const [first, ...others] = view.element.isConnected ? view.entries() : [];
    if (event.key === "Escape") view.focus();
    else if (first && event.key === "Enter" && others.length === 0 && !options.finder?.busy?.()) options.open(first, event, contextOf([first]));
    else if (first) view.choose(first.path);
  }

  /** @type {import("./list-behaviour.js").ViewOptions} */
  const viewOptions = {
    label: title,
    hrefOf: options.hrefOf,
    whereOf: options.whereOf,
    byWhom: options.byWhom,
    drags: Boolean(options.drags),
    leaving: options.leaving?.has,
    withheld: options.withheld?.has,
    order: options.order ?? choice?.first.order ?? byName,
    arrange: options.arrange,
    time: options.time,
    actions: [
      ...quick.map(({ command: name, label }) => ({ name, icon: command(name)?.icon ?? "", label })),
      { name: "menu", icon: "ellipsis", label: ({ name }) => t("drive.more", { name }) },
    ],
    open: (entry, event) => options.open(entry, event, contextOf([entry])),
    act(action, entry, at) {
      if (action === "menu") menu(at);
      else perform(command(action), contextOf([entry]));
    },
    menu,
    changed: () => void (held || tools.draw()),
    sorted: keep,
    rowPictures: options.pictures && !savesData() ? loadRowPictures : undefined,
  };
  let view = fileList(viewOptions);

  /** @param {"list" | "grid"} next */
  async function seeAs(next) {
    const mine = ++turn;
    loading = next === "grid";
    try {
      const { fileGrid } = next === "grid" ? await loadGrid() : { fileGrid: null };
      if (mine !== turn) return;
      const old = view;
      view = (fileGrid ?? fileList)({ ...viewOptions, pictures, from: old.state() });
      if (old.element.isConnected) {
        old.element.replaceWith(view.element);
        view.setEntries(old.listed());
      }
      old.end();
      seenAs = next;
      ways?.draw();
    } catch {
      // a person was told; it stays as it is
    } finally {
      if (mine === turn) loading = false;
    }
    if (!loading && waiting) pane.show(waiting.entries, waiting.empty);
  }

  async function loadGrid() {
    const [grid] = await later(() => Promise.all([import("./grid.js"), needStyle("grid.css"), loadPictures()]));
    return grid;
  }

  async function loadRowPictures() {
    const [{ rowPictures }] = await Promise.all([import("./row-pictures.js"), loadPictures()]);
    return pictures && !over.signal.aborted ? rowPictures(pictures) : null;
  }

  /** @returns {Promise<void>} when `pictures` is there, if there is such */
  function loadPictures() {
    loadingPictures ??= Promise.resolve(options.pictures?.()).then((made) => {
      pictures = made;
      if (over.signal.aborted) pictures?.end();
    });
    return loadingPictures.catch((error) => {
      loadingPictures = null;
      throw error;
    });
  }

  /** @param {Element | {x: number, y: number}} at */
  function menu(at) {
    openMenu(at, menuOf(commands, "row", context()), t("drive.menu"));
  }

  const place = el("div", { class: "folder", role: "region", "aria-label": t("drive.files") });
  fill(main, el("h1", { class: "unseen" }, title), el("div", { class: "head" }, way, tools.element), tools.bar, place);

  /** @param {MouseEvent} event */
  function beside({ target }) {
    if (target === main || target === place || (target instanceof Element && target.matches(".gallery, .gallery-body, .gallery-row"))) view.clear();
  }

  /** @param {MouseEvent} event */
  function menuBeside(event) {
    if (!(event.target instanceof Element) || event.defaultPrevented || event.target.closest("a, button, input, .row, .tile, .head, .chosen-bar")) return;
    view.clear();
    const items = menuOf(commands, "place", contextOf([]));
    if (items.length === 0) return;
    event.preventDefault();
    openMenu({ x: event.clientX, y: event.clientY }, items, t("drive.place_menu"));
  }
  const over = new AbortController();
  main.addEventListener("click", beside, { signal: over.signal });
  main.addEventListener("contextmenu", menuBeside, { signal: over.signal });
  lazyMouse({ main, place, view: () => view, drags: options.drags ?? null, hold, signal: over.signal });
  const endLeaving = options.leaving?.onChange(() => view.mark());
  const endWithheld = options.withheld?.onChange(() => view.withhold());

  // A key that is pressed where nothing takes it is the list's, such as after a folder was opened.
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const nowhere = target === document.body || target === main || (target instanceof HTMLElement && target.matches("h1") && main.contains(target));
    const all = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && !isTyping(target);
    if (isCovered() || event.defaultPrevented || !(nowhere || all)) return;
    if (view.element.isConnected) view.pressed(event);
    else if (all) event.preventDefault(); // or the browser would mark the page's text
  }, { signal: over.signal });

  document.querySelector(".skip")?.addEventListener("click", (event) => {
    if (!view.element.isConnected) return;
    event.preventDefault();
    view.focus();
  }, { signal: over.signal });

  const endKeys = commandKeys(() => {
    const chosen = view.chosen();
    const focused = view.focused();
    if (chosen.length > 0 || !focused || options.withheld?.has(focused.path)) return { commands, context: contextOf(chosen) };
    return { commands, context: contextOf([focused]), begin: () => view.choose(focused.path) };
  });

  /** @type {FilesPane} */
  const pane = {
    place,
    note: (element) => tools.bar.before(element),
    ready: Promise.resolve(),
    commands,
    show(entries, empty) {
      waiting = loading ? { entries, empty } : null;
      if (loading && !view.element.isConnected) return; // the grid is there in a moment
      pictures?.again();
      if (entries.length === 0) fill(place, empty());
      else if (!view.element.isConnected) fill(place, view.element);
      view.setEntries(entries);
    },
    cover: (instead) => void fill(place, instead),
    entries: () => view.entries(),
    choose: (path) => view.choose(path),
    chooseAll: (paths) => view.chooseAll(paths),
    stand: (path) => view.stand(path),
    focus: () => view.focus(),
    rename: (entry, typed) => view.rename(entry, typed),
    pick: tools.pick,
    canFind: tools.find !== null,
    find() {
      tools.find?.focus();
      tools.find?.select();
    },
    end() {
      endKeys();
      turn++;
      over.abort();
      endLeaving?.();
      endWithheld?.();
      view.end();
      pictures?.end();
    },
  };
  if (choice?.first.way === "grid") pane.ready = seeAs("grid");
  return pane;
}
