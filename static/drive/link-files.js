/**
 * The files of a link: as tree, list or gallery, and what is chosen among them. The tree is there at once; the other two are loaded when they are wanted.
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} FilesOptions  what a view of files gets
 * @property {string} label  read aloud
 * @property {import("../source.js").Source} source
 * @property {import("./choice.js").Choice} choice
 * @property {(entry: Entry, shown: Entry[]) => void} open  a file, among the others in the order in which they are shown
 * @property {(...entries: Entry[]) => void} save
 * @property {(error: unknown) => string} fault
 *
 * @typedef {object} FilesView  what it gives
 * @property {HTMLElement} element
 * @property {() => void} mark  something else was chosen
 * @property {(entry: Entry) => void} stand  puts the keyboard on a file
 * @property {() => void} end
 *
 * @typedef {"tree" | "list" | "gallery"} Way
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { say } from "../ui/say.js";
import { toast } from "../ui/toast.js";
import { choice as choiceOf } from "./choice.js";
import { fileTree, filesOf } from "./tree.js";

const slot = "thorpe/files";
/** @type {[Way, string][]} */
const ways = [["tree", "list-tree"], ["list", "list"], ["gallery", "layout-grid"]];

/**
 * @param {import("./tree.js").Branch[]} roots
 * @param {object} options
 * @param {import("../source.js").Source} options.source
 * @param {(entries: Entry[]) => void} options.save
 * @param {((entries: Entry[]) => void) | null} options.choose  saves into a folder of this computer, where that can be done
 * @param {(error: unknown) => string} options.fault
 * @param {HTMLElement} options.trays  what shows running downloads
 * @param {boolean} options.limited  looking at files is counted, and only so many looks there are
 * @returns {{element: HTMLElement, look: (entry: Entry) => void, show: (way: Way) => void, end: () => void}}
 */
export function linkFiles(roots, { source, save, choose, fault, trays, limited }) {
  const files = filesOf(roots);
  const place = el("div", { class: "files-place" });
  /** @type {FilesView | null} */
  let shown = null;
  let wanted = 0;
  const over = new AbortController();

  const choice = choiceOf(files, () => {
    const some = choice.entries();
    chosen.hidden = some.length === 0;
    if (some.length > 0) say(t("drive.chosen_count", { count: some.length }));
    fill(count, t("drive.chosen_count", { count: some.length }), el("span", { class: "quiet" }, bytes(some.reduce((sum, { size }) => sum + size, 0))));
    /** @type {HTMLElement} */ (download.lastElementChild).textContent = t("link.download_some", { count: some.length });
    shown?.mark();
  });
  const count = el("span", { class: "files-count" });
  const download = button("", { kind: "soft", icon: "download", click: () => save(choice.entries()) });
  const into = choose && iconButton("folder", t("link.folder_some"), () => choose(choice.entries()));
  const chosen = el("div", { class: "files-chosen", hidden: true }, count, download, into, iconButton("x", t("drive.choose_none"), () => choice.none()));

  const buttons = ways.map(([way, name]) =>
    el("button", { type: "button", class: "btn", "aria-pressed": "false", "data-way": way, title: t(`link.as_${way}`), click: () => void show(way) }, icon(name), el("span", {}, t(`link.as_${way}`))),
  );
  const bar = el("div", { class: "files-bar" }, el("div", { class: "switch", role: "group", "aria-label": t("link.as") }, buttons), chosen);

  /** @type {FilesOptions} */
  const options = { label: t("link.files"), source, choice, open: (entry, order) => void look(entry, order), save: (...entries) => save(entries), fault };

  /** @param {Way} way */
  async function show(way) {
    const turn = ++wanted;
    try {
      const view =
        way === "tree" ? fileTree(roots, options)
        : way === "list" ? (await import("../view/list.js")).flatList(files, options)
        : (await import("../view/gallery.js")).gallery(files, options);
      if (turn !== wanted) return view.end();
      shown?.end();
      shown = view;
      fill(place, view.element);
      for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.way === way));
      if (way !== "gallery") remember(way); // which would read files before a person asks for it
    } catch {
      toast(t("view.unavailable"), { kind: "problem" });
    }
  }

  /**
   * Looks at a file, or saves it where it cannot be looked at.
   * @param {Entry} entry
   * @param {Entry[]} order
   * @param {boolean} [again]  it was looked at before a reload, or before the way back
   */
  async function look(entry, order, again = false) {
    try {
      const { canView, openViewer } = await import("../view/viewer.js");
      if (!canView(entry)) return again ? undefined : save([entry]);
      const entries = order.filter(canView);
      const last = await openViewer({ source, entries, at: entries.indexOf(entry), save: (one) => save([one]), fault, trays, signal: over.signal, stands: { way: again ? "there" : "new", step: (one) => ({ state: { looks: files.indexOf(one) } }) } });
      shown?.stand(last);
    } catch {
      toast(t("view.unavailable"), { kind: "problem" });
    }
  }

  // Which file is looked at stands in the browser's history, by its number: the address stays the link.
  function lookAgain() {
    const file = files[history.state?.looks];
    if (file && !document.querySelector("dialog.viewer")) void look(file, files, true);
  }
  addEventListener("popstate", lookAgain, { signal: over.signal });
  lookAgain();
  void show(remembered());
  return {
    element: el("section", { class: "link-files" }, files.length > 1 && bar, place, limited && files.length > 0 && el("p", { class: "quiet files-hint" }, t("link.looking_counts"))),
    look: (entry) => void look(entry, files),
    show: (way) => void show(way),
    end() {
      wanted++;
      over.abort();
      shown?.end();
    },
  };
}

/** @returns {Way} how files were shown last in this tab */
function remembered() {
  try {
    return sessionStorage.getItem(slot) === "list" ? "list" : "tree";
  } catch {
    return "tree"; // storage is switched off
  }
}

/** @param {Way} way */
function remember(way) {
  try {
    sessionStorage.setItem(slot, way);
  } catch {
    // as above
  }
}
