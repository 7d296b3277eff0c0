/**
 * The trash on the page: reads it, shows it by files-pane.js, and does what is asked for. Start from trashView.
 *
 * @typedef {import("../source.js").Entry & {was: string, at: Date, until: Date, device: string, door: string, measured: boolean}} Item  `path` is its id
 */
import { button } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { t, bytes } from "../texts.js";
import { readTrash } from "../trash.js";
import { onChanged } from "./changes.js";
import { trashCommands } from "./commands/trash.js";
import { faultOf } from "./fault.js";
import { filesPane } from "./files-pane.js";
import { followUploads } from "./follow.js";
import { nameOf, parentOf } from "./place.js";
import { trashActs } from "./trash-acts.js";
import { deviceOf, folderOf, showTrashed } from "./trash-details.js";
import { compareNames } from "./names.js";

const MOST = 10_000; // things that are shown

/**
 * @param {HTMLElement} main
 * @param {{drive: import("./actions.js").Drive, desk: import("./upload-desk.js").UploadDesk}} options
 * @returns {() => void} ends the view
 */
export function trashView(main, { drive, desk }) {
  const over = new AbortController();
  /** @type {Item[] | null} */
  let items = null;
  /** @type {string | null} */
  let newest = null; // what is emptied goes as far as this
  let wanted = "";
  let turn = 0;

  const empty = button(t("trash.empty"), { icon: "trash-2", click: () => void acts.empty() });
  empty.setAttribute("aria-label", t("trash.empty")); // on a phone only the icon is seen
  empty.hidden = true;
  const note = el("p", { class: "finding-note", role: "status" });
  const acts = trashActs({ drive, newest: () => newest });

  const pane = filesPane(main, {
    title: t("trash.title"),
    way: el("h2", { class: "crumbs title", "aria-hidden": "true" }, t("trash.title")),
    commands: trashCommands,
    context: (base) => ({ ...base, ...acts, details: (item) => void showTrashed(item, acts), holds: (items?.length ?? 0) > 0 }),
    open: (entry, event) => {
      event.preventDefault();
      showTrashed(/** @type {Item} */ (entry), acts);
    },
    hrefOf: null,
    whereOf: (entry) => folderOf(/** @type {Item} */ (entry)),
    byWhom: (entry) => deviceOf(/** @type {Item} */ (entry)),
    columns: ["name", "size", "modified"],
    order: { by: "modified", down: true },
    arrange,
    time: { text: t("trash.column.deleted"), of: (entry) => entry.at },
    quick: [{ command: "restore", label: ({ name }) => t("trash.restore_one", { name }) }],
    finder: {
      label: t("trash.find"),
      changed(text) {
        wanted = text.normalize("NFC").toLocaleLowerCase();
        show();
      },
    },
    extra: [empty],
  });
  pane.note(note);

  function show() {
    if (!items) return;
    empty.hidden = items.length === 0;
    const shown = wanted === "" ? items : items.filter(({ was }) => was.normalize("NFC").toLocaleLowerCase().includes(wanted));
    pane.show(shown, () =>
      wanted === ""
        ? emptyState({ icon: "trash-2", title: t("trash.none"), text: t("trash.none.text") })
        : emptyState({ icon: "search", title: t("drive.none_found"), text: t("trash.none_found", { text: wanted }) }));
  }

  /** Reads all of it, a part at a time, and shows each as it comes. */
  async function read() {
    const mine = ++turn;
    /** @type {Item[]} */
    const read = [];
    try {
      for (let after = ""; ; ) {
        const part = await readTrash(after, { signal: over.signal });
        if (mine !== turn) return;
        if (after === "") newest = part.newest;
        read.push(...part.items.map(itemOf));
        const more = part.next !== null && read.length < MOST;
        if (items === null || !more) {
          items = [...read];
          say(part.size, part.next !== null && !more);
          show();
        }
        if (part.next === null || !more) return;
        after = part.next;
      }
    } catch (error) {
      if (over.signal.aborted || mine !== turn) return;
      failed(error);
    }
  }

  /**
   * @param {number} size
   * @param {boolean} more  than is shown
   */
  function say(size, more) {
    const count = items?.length ?? 0;
    fill(note, count === 0 ? null : t("trash.note", { count, size: bytes(size) }), more ? ` ${t("trash.more", { count: MOST })}` : null);
  }

  /** @param {unknown} error */
  function failed(error) {
    items = null;
    empty.hidden = true;
    fill(note);
    pane.cover(emptyState({
      icon: "circle-alert", title: t("trash.unreadable"), text: faultOf(error),
      action: button(t("drive.try_again"), { kind: "primary", icon: "rotate-ccw", click: load }),
    }));
  }

  function load() {
    pane.cover(skeleton(8, t("drive.loading")));
    void read();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && items) void read(); // a mount may have deleted something
  }, { signal: over.signal });
  const endChanges = onChanged(read);
  followUploads(desk, read, over.signal); // one may replace something
  load();
  return () => {
    over.abort();
    endChanges();
    pane.end();
  };
}

/**
 * @param {import("../trash.js").Trashed} trashed
 * @returns {Item}
 */
function itemOf({ id, path, at, until, door, device, folder, size }) {
  return {
    path: id, name: nameOf(path), folder, size: size ?? 0, modified: new Date(at), type: "",
    was: path, at: new Date(at), until: new Date(until), door, device, measured: size !== null,
  };
}

/**
 * In the order of a column, folders among files: what was deleted last is looked for, whatever it is. What was deleted within one second is in the order of its names.
 * @param {readonly import("../source.js").Entry[]} entries
 * @param {import("./order.js").Order} order
 */
function arrange(entries, { by, down }) {
  const sign = down ? -1 : 1;
  return [...entries].sort((a, b) => {
    const [x, y] = /** @type {Item[]} */ ([a, b]);
    const value = by === "size" ? x.size - y.size : by === "modified" ? secondOf(x) - secondOf(y) : compareNames(x.name, y.name);
    return sign * value || compareNames(x.name, y.name) || compareNames(parentOf(x.was), parentOf(y.was)) || (x.path < y.path ? 1 : -1);
  });
}

/** @param {Item} item */
const secondOf = ({ at }) => Math.floor(at.getTime() / 1000);
