/**
 * The files that were added or changed last, on the page. Start from recentView.
 *
 * @typedef {import("../find.js").Found} Found
 */
import { button } from "../ui/button.js";
import { el } from "../ui/element.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { t } from "../texts.js";
import { recent } from "../find.js";
import { drivePane } from "./drive-context.js";
import { faultOf } from "./fault.js";
import { filesPane } from "./files-pane.js";
import { followUploads } from "./follow.js";
import { inOrder } from "./order.js";
import { parentOf } from "./place.js";

/**
 * @param {HTMLElement} main
 * @param {{drive: import("./actions.js").Drive, desk: import("./upload-desk.js").UploadDesk}} options
 * @returns {() => void} ends the view
 */
export function recentView(main, { drive, desk }) {
  const over = new AbortController();
  /** @type {Found[] | null} */
  let entries = null;
  let turn = 0;
  const note = el("p", { class: "finding-note", role: "status" });
  const here = drivePane({ path: null, drive, desk, signal: over.signal, reread: read, all: () => entries ?? [] });
  const pane = filesPane(main, {
    ...here,
    title: t("recent.title"),
    way: el("h2", { class: "crumbs title", "aria-hidden": "true" }, t("recent.title")),
    whereOf: ({ path }) => parentOf(path) || t("drive.root"),
    order: { by: "modified", down: true },
    arrange: (all, { by, down }) => (by === "modified" ? inTime(all, down) : inOrder(all, { by, down })),
    time: { text: t("recent.column"), of: (entry) => entry.changed },
  });
  pane.note(note);

  async function read() {
    const mine = ++turn;
    try {
      const found = await recent({ signal: over.signal });
      if (mine !== turn) return;
      entries = found.entries;
      note.textContent = found.complete ? "" : t("recent.not_all");
      pane.show(entries, () => emptyState({ icon: "clock", title: t("recent.none"), text: t("recent.none.text") }));
      here.shown(pane);
    } catch (error) {
      if (over.signal.aborted || mine !== turn || entries) return; // what is shown stays; the next look may go well
      const again = button(t("drive.try_again"), { kind: "primary", icon: "rotate-ccw", click: load });
      pane.cover(emptyState({ icon: "circle-alert", title: t("recent.unreadable"), text: faultOf(error), action: again }));
    }
  }

  function load() {
    pane.cover(skeleton(8, t("drive.loading")));
    void read();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && entries) void read();
  }, { signal: over.signal });
  followUploads(desk, read, over.signal);
  load();
  return () => {
    over.abort();
    pane.end();
  };
}

/**
 * @param {readonly import("../source.js").Entry[]} entries
 * @param {boolean} down
 */
function inTime(entries, down) {
  const sign = down ? -1 : 1;
  return [.../** @type {readonly Found[]} */ (entries)].sort((a, b) => sign * (a.changed.getTime() - b.changed.getTime()));
}
