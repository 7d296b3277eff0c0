/**
 * The files of a link as a tree: folders open and close in place, each row says its size and can be saved alone. Any number of files: only the rows
 * in sight are in the document.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {{entry: Entry, level: number, size: number, children: Branch[] | null, open: boolean}} Branch
 */
import { el, fill } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { picture } from "./picture.js";
import { windowed } from "./windowed.js";

const FEW = 60; // entries: so many are shown at once, with all folders open

/**
 * @param {Branch[]} roots
 * @param {import("./link-files.js").FilesOptions} options
 * @returns {import("./link-files.js").FilesView}
 */
export function fileTree(roots, { label, choice, open, save }) {
  const files = filesOf(roots);
  const openFile = (/** @type {Entry} */ entry) => open(entry, files);
  let anchor = 0;
  /** @type {Branch[]} */
  let shown = [];
  let at = 0;
  const anyFolder = roots.some(({ children }) => children !== null);
  const body = el("div", { class: "tree-body", role: "rowgroup" });
  const element = el("div", { class: files.length > 1 ? "tree picks" : "tree", role: "treegrid", "aria-label": label, "aria-multiselectable": "true" }, body);

  const rows = windowed(body, {
    keep: () => at,
    render(index) {
      const { entry, level, size, children, open } = shown[index];
      const opens = children !== null && children.length > 0;
      const name = el(
        "button",
        { type: "button", class: "tree-name", tabindex: "-1", title: entry.name, "data-do": "name" },
        opens ? icon(open ? "chevron-down" : "chevron-right", "chevron") : anyFolder && el("span", { class: "chevron" }),
        picture(entry),
        el("bdi", { class: "cut" }, entry.name),
      );
      const download = iconButton("download", t(children ? "link.save_folder" : "link.save_file", { name: entry.name }));
      download.dataset.do = "save";
      const row = el(
        "div",
        {
          class: "tree-row",
          role: "row",
          "aria-level": level,
          "aria-rowindex": index + 1,
          "aria-expanded": opens ? String(open) : null,
          "data-index": index,
          tabindex: "-1",
        },
        files.length > 1 && el("div", { class: "tree-pick", role: "gridcell" }, el("input", { type: "checkbox", tabindex: "-1", "aria-label": t("drive.choose", { name: entry.name }) })),
        el("div", { class: "tree-cell", role: "gridcell" }, name),
        el("div", { class: "m", role: "gridcell" }, entry.folder && size === 0 ? "" : bytes(size)),
        el("div", { role: "gridcell" }, download),
      );
      row.style.setProperty("--level", String(level - 1));
      mark(row, index);
      return row;
    },
  });

  /**
   * @param {HTMLElement} row
   * @param {number} index
   */
  function mark(row, index) {
    const focused = index === at;
    const box = row.querySelector("input");
    if (box) {
      const how = choice.of(filesOf([shown[index]]));
      box.checked = how === "all";
      box.indeterminate = how === "some";
      row.setAttribute("aria-selected", String(how === "all"));
    }
    row.tabIndex = focused ? 0 : -1;
    const download = row.querySelector("[data-do=save]");
    if (download instanceof HTMLElement) download.tabIndex = focused ? 0 : -1;
  }

  function draw() {
    shown = flat(roots);
    element.setAttribute("aria-rowcount", String(shown.length));
    rows.reset(shown.length);
  }

  /** @param {number} index */
  function go(index) {
    const next = Math.min(Math.max(0, index), shown.length - 1);
    const old = rows.rowAt(at);
    at = next;
    const row = rows.reveal(next);
    if (old?.isConnected && old !== row) mark(old, Number(old.dataset.index));
    mark(row, next);
    row.focus({ preventScroll: true });
  }

  /** @param {number} index */
  function toggle(index) {
    const branch = shown[index];
    if (!branch.children) return;
    branch.open = !branch.open;
    at = index;
    draw();
    go(index);
  }

  /** @param {number} index  in or out, with all that lies in it */
  function choose(index) {
    const inside = filesOf([shown[index]]);
    anchor = index;
    choice.set(inside, choice.of(inside) !== "all");
  }

  /** @param {number} index  all from where the last choice was made to here */
  function extend(index) {
    choice.set(shown.slice(Math.min(anchor, index), Math.max(anchor, index) + 1).flatMap((branch) => filesOf([branch])), true);
  }

  body.addEventListener("click", ({ target, shiftKey, ctrlKey, metaKey }) => {
    if (!(target instanceof Element)) return;
    const row = target.closest(".tree-row");
    if (!(row instanceof HTMLElement)) return;
    const index = Number(row.dataset.index);
    const { entry, children } = shown[index];
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-do]"));
    if (files.length > 1 && (shiftKey || ctrlKey || metaKey || target.closest("input"))) {
      go(index);
      if (shiftKey) extend(index);
      else choose(index);
    } else if (button?.dataset.do === "save") {
      save(entry);
      go(index);
    } else if (children) toggle(index);
    else {
      go(index);
      if (button) openFile(entry);
    }
  });
  body.addEventListener("mousedown", (event) => {
    if (event.shiftKey) event.preventDefault(); // no text gets marked
  });
  body.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return choice.all();
    }
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute("role") !== "row" || event.ctrlKey || event.metaKey || event.altKey) return;
    const branch = shown[at];
    const act = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + rows.page()),
      PageUp: () => go(at - rows.page()),
      Home: () => go(0),
      End: () => go(shown.length - 1),
      ArrowRight: () => (branch.children && !branch.open ? toggle(at) : branch.children ? go(at + 1) : undefined),
      ArrowLeft: () => (branch.children && branch.open ? toggle(at) : go(parentIndex())),
      Enter: () => (branch.children ? toggle(at) : openFile(branch.entry)),
      " ": () => choose(at),
      Escape: () => choice.none(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
    if (event.shiftKey && event.key.startsWith("Arrow")) extend(at);
  });

  function parentIndex() {
    const { level } = shown[at];
    for (let index = at; index >= 0; index--) if (shown[index].level < level) return index;
    return at;
  }

  setTimeout(draw); // once the element stands in the page: before, nothing can be measured
  return {
    element: fill(element, body),
    mark() {
      for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll(".tree-row"))) mark(row, Number(row.dataset.index));
    },
    stand(entry) {
      const index = shown.findIndex((branch) => branch.entry === entry);
      if (index >= 0) go(index);
    },
    end: () => rows.end(),
  };
}

/**
 * @param {Branch[]} branches
 * @returns {Entry[]} all files in them, in the tree's order
 */
export function filesOf(branches) {
  return branches.flatMap(({ entry, children }) => (children ? filesOf(children) : [entry]));
}

/**
 * @param {Branch[]} branches
 * @returns {Branch[]} those that are in sight, in order
 */
function flat(branches) {
  /** @type {Branch[]} */
  const out = [];
  /** @param {Branch[]} level */
  const walk = (level) => {
    for (const branch of level) {
      out.push(branch);
      if (branch.open && branch.children) walk(branch.children);
    }
  };
  walk(branches);
  return out;
}

/**
 * Reads a source into branches.
 * @param {import("../source.js").Source} source
 * @returns {Promise<{roots: Branch[], files: number, size: number}>}
 */
export async function branchesOf(source) {
  let files = 0;
  let count = 0;
  /**
   * @param {string} path
   * @param {number} level
   * @returns {Promise<Branch[]>}
   */
  async function read(path, level) {
    /** @type {Branch[]} */
    const branches = [];
    for (const entry of await source.list(path)) {
      count++;
      if (!entry.folder) files++;
      const children = entry.folder ? await read(entry.path, level + 1) : null;
      const size = children ? children.reduce((sum, child) => sum + child.size, 0) : entry.size;
      branches.push({ entry, level, size, children, open: false });
    }
    return branches;
  }
  const roots = await read("", 1);
  /** @param {Branch[]} branches */
  const openAll = (branches) => {
    for (const branch of branches) {
      if (!branch.children) continue;
      branch.open = true;
      openAll(branch.children);
    }
  };
  if (count <= FEW) openAll(roots);
  else if (roots.length === 1) roots[0].open = true; // one folder alone is worth a look inside
  return { roots, files, size: roots.reduce((sum, { size }) => sum + size, 0) };
}
