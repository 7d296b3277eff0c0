/**
 * One folder of the drive on the page: it reads the folder, anew whenever something changes in it, and shows it by files-pane.js. Start from folderView.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { button } from "../ui/button.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { crumbs } from "./crumbs.js";
import { drivePane } from "./drive-context.js";
import { dropZone } from "./drop-zone.js";
import { faultOf } from "./fault.js";
import { filesPane } from "./files-pane.js";
import { pickedFromDrop } from "./picked.js";
import { addressOf, nameOf, parentOf } from "./place.js";

/** Listings seen lately, so that going back shows a folder at once, while it is read again. @type {Map<string, Entry[]>} */
const seen = new Map();
const KEPT = 40;

/** Where the view was last, so that going up leaves the keyboard on the folder it came from. */
let before = "";

/**
 * @param {HTMLElement} main
 * @param {object} options
 * @param {string} options.path  of the folder
 * @param {import("./actions.js").Drive} options.drive
 * @param {import("./upload-desk.js").UploadDesk} options.desk
 * @returns {() => void} ends the view
 */
export function folderView(main, { path, drive, desk }) {
  const over = new AbortController();
  /** @type {Entry[] | null} */
  let entries = null;
  let wanted = "";
  /** @type {Promise<void> | null} */
  let reading = null;
  let unread = false; // something changed while it was being read
  let lasted = 0;

  const title = path === "" ? t("drive.root") : nameOf(path);
  const pane = filesPane(main, {
    ...drivePane({ kind: "folder", path, drive, desk, signal: over.signal, reread: read, all: () => entries ?? [] }),
    title,
    way: crumbs(path),
    finder: {
      label: t("drive.find"),
      changed(text) {
        wanted = text.normalize("NFC").toLocaleLowerCase();
        show();
      },
    },
  });

  function show() {
    if (!entries) return;
    const found = wanted === "" ? entries : entries.filter(({ name }) => name.normalize("NFC").toLocaleLowerCase().includes(wanted));
    pane.show(found, () => {
      if (wanted !== "") return emptyState({ icon: "search", title: t("drive.none_found"), text: t("drive.none_found.text", { text: wanted }) });
      const upload = button(t("drive.upload"), { kind: "primary", icon: "upload", click: () => pane.pick() });
      return emptyState({ icon: "cloud-upload", title: t("drive.empty"), text: t("drive.empty.text"), action: upload });
    });
  }

  /** @returns {Promise<void>} when what is shown is no older than the call */
  function read() {
    unread = true;
    return (reading ??= readOn());
  }

  async function readOn() {
    const from = performance.now();
    try {
      do {
        unread = false;
        const next = await drive.list(path, { signal: over.signal });
        entries = next;
        remember(path, next);
        show();
      } while (unread);
    } catch (error) {
      if (over.signal.aborted) return;
      if (!entries || /** @type {{status?: number}} */ (error).status === 404) failed(error);
    } finally {
      reading = null;
      lasted = performance.now() - from;
    }
  }

  /** @param {unknown} error */
  function failed(error) {
    entries = null;
    seen.delete(path);
    const gone = /** @type {{status?: number}} */ (error).status === 404;
    const action = gone
      ? button(t("drive.gone.up"), { kind: "primary", icon: "arrow-left", click: () => navigate(addressOf(parentOf(path))) })
      : button(t("drive.try_again"), { kind: "primary", icon: "rotate-ccw", click: () => load() });
    pane.cover(emptyState({ icon: gone ? "folder" : "circle-alert", title: t(gone ? "drive.gone" : "drive.unreadable"), text: gone ? t("drive.gone.text") : faultOf(error), action }));
  }

  function load() {
    entries = seen.get(path) ?? null;
    if (entries) show();
    else pane.cover(skeleton(8, t("drive.loading")));
    const from = before;
    before = path;
    void read().then(() => {
      if (parentOf(from) === path && from !== path) pane.stand(from);
    });
  }

  const endDrops = dropZone({
    text: t("drive.drop"),
    open: () => !document.querySelector("dialog[open]"),
    drop(transfer, row) {
      const folder = row?.dataset.drop ?? path;
      void pickedFromDrop(transfer).then((picking) => desk.take(picking, folder));
    },
  });
  let timer = 0;
  const endChanges = desk.onChange((folder) => {
    if (folder !== path && parentOf(folder) !== path) return;
    // While hundreds of files arrive, the list follows at its own pace.
    timer ||= window.setTimeout(() => {
      timer = 0;
      void read();
    }, Math.max(800, 4 * lasted));
  });
  const look = () => {
    if (document.visibilityState === "visible" && entries) void read(); // a mount may have changed it
  };
  document.addEventListener("visibilitychange", look);

  load();
  return () => {
    over.abort();
    clearTimeout(timer);
    endDrops();
    endChanges();
    pane.end();
    document.removeEventListener("visibilitychange", look);
  };
}

/**
 * @param {string} path
 * @param {Entry[]} entries
 */
function remember(path, entries) {
  seen.delete(path);
  seen.set(path, entries);
  const [oldest] = seen.keys();
  if (seen.size > KEPT) seen.delete(oldest);
}
