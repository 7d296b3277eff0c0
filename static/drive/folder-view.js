/**
 * One folder of the drive on the page: it reads the folder, anew whenever something changes in it, and shows it by files-pane.js. Start from folderView.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { button } from "../ui/button.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { el, fill } from "../ui/element.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { later } from "../later.js";
import { navigate, renameAddress } from "../router.js";
import { setTitle } from "../shell.js";
import { paste, takesPastes } from "./clipboard.js";
import { crumbs } from "./crumbs.js";
import { drivePane } from "./drive-context.js";
import { dropZone } from "./drop-zone.js";
import { BACK, faultOf, GONE } from "./fault.js";
import { filesPane } from "./files-pane.js";
import { followUploads } from "./follow.js";
import { matcher } from "./names.js";
import { hereFirst } from "./order.js";
import { pickedFromDrop } from "./picked.js";
import { goOnRenaming } from "./renaming.js";
import { tellViewChoice, viewChoice } from "./view-choice.js";
import { addressOf, nameOf, parentOf } from "./place.js";

/** Listings seen lately, so that going back shows a folder at once, while it is read again. @type {Map<string, Entry[]>} */
const seen = new Map();
const KEPT = 40;

const LONG = 2_000; // milliseconds

/** A listing that was begun before its view. @type {{path: string, list: Promise<Entry[]>, seen: (count: number) => void} | null} */
let ahead = null;

/**
 * Begins to read a folder whose view is about to be made.
 * @param {import("./actions.js").Drive} drive
 * @param {string} path
 */
export function readAhead(drive, path) {
  /** @type {NonNullable<typeof ahead>} */
  const begun = { path, seen: () => {}, list: drive.list(path, { seen: (count) => begun.seen(count) }) };
  begun.list.catch(() => {}); // the view says so
  ahead = begun;
}

/** Where the view was last, so that going up leaves the keyboard on the folder it came from. */
let before = "";

/**
 * Puts the keyboard on this entry, when its folder is shown next.
 * @param {string} path
 */
export function comeFrom(path) {
  before = path;
}

/**
 * @param {HTMLElement} main
 * @param {object} options
 * @param {string} options.path  of the folder
 * @param {string} [options.text]  what is searched for at first
 * @param {import("./actions.js").Drive} options.drive
 * @param {import("./upload-desk.js").UploadDesk} options.desk
 * @returns {() => void} ends the view
 */
export function folderView(main, { path, text = "", drive, desk }) {
  const over = new AbortController();
  /** @type {Entry[] | null} */
  let entries = null;
  let wanted = text;
  /** @type {ReturnType<typeof import("./finding.js").finding> | null} */
  let search = null; // over the whole drive, when something has been typed
  /** @type {Promise<void> | null} */
  let reading = null;
  let unread = false; // something changed while it was being read
  let lasted = 0;

  /** Whether more may be found. */
  const busy = () => wanted.trim() !== "" && search?.busy() !== false;
  const title = path === "" ? t("drive.root") : nameOf(path);
  const here = drivePane({ path, drive, desk, signal: over.signal, reread, all: () => entries ?? [], busy });
  const note = el("p", { class: "finding-note", role: "status" });
  const pane = filesPane(main, {
    ...here,
    title,
    way: crumbs(path),
    finder: {
      label: t("drive.find"),
      value: text,
      busy,
      changed(typed) {
        wanted = typed;
        show();
        void find();
      },
    },
    whereOf: (entry) => (parentOf(entry.path) === path ? "" : parentOf(entry.path) || t("drive.root")),
    arrange: hereFirst((entry) => parentOf(entry.path) === path),
  });
  pane.note(note);
  tellViewChoice(here.choice.first);

  const share = here.commands.find(({ name }) => name === "share-files");

  function show() {
    if (!entries) return;
    const searching = wanted.trim() !== "";
    const matches = matcher(wanted);
    pane.show(searching ? [...entries.filter(({ name }) => matches(name)), ...(search?.elsewhere() ?? [])] : entries, () => {
      if (searching && search?.busy()) return skeleton(3, t("find.searching"));
      if (searching) return emptyState({ icon: "search", title: t("drive.none_found"), text: t("drive.none_found.text", { text: wanted }) });
      if (path === "") return waysIn();
      const upload = button(t("drive.upload"), { kind: "primary", icon: "upload", click: () => pane.pick() });
      return emptyState({ icon: "cloud-upload", title: t("drive.empty"), text: t("drive.empty.text"), action: upload });
    });
    here.shown(pane);
  }

  /** Goes on with the search over the whole drive. What is found has an address of its own; without one it is the folder's again. */
  async function find() {
    try {
      search ??= (await import("./finding.js")).finding({
        path,
        note,
        changed: show,
        asked(name) {
          renameAddress(name === "" ? addressOf(path) : at(`/search?${new URLSearchParams({ in: path, name })}`));
          tellViewChoice(viewChoice());
          setTitle(name === "" ? title : t("find.title", { text: name }));
        },
      });
      if (!over.signal.aborted) search.type(wanted);
    } catch {
      note.textContent = t("view.unavailable"); // a page that is older than the server; what lies in the folder is found all the same
    }
  }

  function reread() {
    void search?.again();
    return read();
  }

  /** The ways into an empty drive; they are loaded when there is one. */
  function waysIn() {
    const element = el("div", {});
    void later(() => import("./first-visit.js")).then(({ firstVisit }) => {
      fill(element, firstVisit({ upload: () => pane.pick(), share: () => void share?.run(here.context({ chosen: [], pane })) }));
    }, () => {});
    return element;
  }

  /** @param {(count: number) => void} seen */
  function list(seen) {
    const begun = ahead;
    ahead = null;
    if (begun?.path !== path) return drive.list(path, { signal: over.signal, seen });
    begun.seen = seen;
    return begun.list;
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
        const next = await list((count) => soFar(count, from));
        if (!entries) note.textContent = "";
        entries = next;
        remember(path, next);
        show();
      } while (unread);
      lasted = performance.now() - from;
    } catch (error) {
      if (over.signal.aborted) return;
      if (!entries || /** @type {{status?: number}} */ (error).status === 404) failed(error);
    } finally {
      reading = null;
    }
  }

  /**
   * What takes long is told how far it is, as long as there is nothing else to see.
   * @param {number} count
   * @param {number} from  when it began
   */
  function soFar(count, from) {
    if (!entries && performance.now() - from > LONG) note.textContent = t("drive.reading", { count });
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
    void Promise.all([read(), pane.ready]).then(() => {
      if (parentOf(from) === path && from !== path) pane.stand(from);
      goOnRenaming(path, { drive, pane, reread, signal: over.signal });
    });
  }

  const endDrops = dropZone({
    text: t("drive.drop"),
    under: t("drive.drop.under", { folder: title }),
    drop(transfer, row) {
      const folder = row?.dataset.drop ?? path;
      void desk.take(pickedFromDrop(transfer), folder);
    },
  });
  const endPastes = takesPastes({
    files: (picking) => void desk.take(picking, path),
    held: () => void paste({ drive, path, pane }),
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
  followUploads(desk, async () => search?.again(), over.signal); // what arrives anywhere may be what is searched for
  const look = () => {
    if (document.visibilityState === "visible" && entries) void read(); // a mount may have changed it
  };
  const online = () => (entries ? void read() : load());
  document.addEventListener("visibilitychange", look, { signal: over.signal });
  addEventListener("focus", () => void (reading ?? look()), { signal: over.signal }); // what came into sight is read already
  addEventListener(GONE, look, { signal: over.signal });
  for (const event of [BACK, "online"]) addEventListener(event, online, { signal: over.signal });

  load();
  if (text !== "") void find();
  return () => {
    over.abort();
    search?.end();
    clearTimeout(timer);
    endDrops();
    endPastes();
    endChanges();
    pane.end();
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
