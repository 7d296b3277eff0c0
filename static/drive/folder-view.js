/**
 * One folder of the drive on the page: the way to it, its tools, its list. Start from folderView; what is done with the files is in actions.js.
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { openMenu } from "../ui/menu.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { navigate } from "../router.js";
import { actions, shareFromComputer } from "./actions.js";
import { crumbs } from "./crumbs.js";
import { dropZone } from "./drop-zone.js";
import { faultOf } from "./fault.js";
import { fileList } from "./list.js";
import { opensInTab } from "./kinds.js";
import { pickedFromDrop, pickedFromInput } from "./picked.js";
import { addressOf, fileAddress, nameOf, parentOf } from "./place.js";
import { toolbar } from "./toolbar.js";
import { viewKind } from "../view/kinds.js";

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
  let reading = false;
  let unread = false; // something changed while it was being read
  let lasted = 0;

  const act = actions({ path, drive, reread: () => void read(), entries: () => entries ?? [] });

  const tools = toolbar({
    find(text) {
      wanted = text.normalize("NFC").toLocaleLowerCase();
      show();
    },
    upload: (input) => void desk.take(pickedFromInput(input), path),
    newFolder: () => void newFolder(),
    shareFromHere: (choosing) => void choosing.then((picking) => picking && shareFromComputer(picking)),
    act: (what) => void perform(what),
    clear: () => list.clear(),
  });

  const list = fileList({
    label: path === "" ? t("drive.root") : nameOf(path),
    hrefOf: (entry) => (entry.folder ? addressOf(entry.path) : fileAddress(entry.path)),
    actions: [
      { name: "share", icon: "link", label: ({ name }) => t("drive.share_one", { name }) },
      { name: "menu", icon: "ellipsis", label: ({ name }) => t("drive.more", { name }) },
    ],
    open,
    act(action, entry, at) {
      if (action === "share") void act.share([entry]);
      else menu(at);
    },
    menu,
    key: (key) => void perform(key),
    changed: () => tools.choose(list?.chosen().length ?? 0),
  });

  const place = el("div", { class: "folder", role: "region", "aria-label": t("drive.files") });
  fill(main, el("h1", { class: "unseen" }, path === "" ? t("drive.root") : nameOf(path)), el("div", { class: "head" }, crumbs(path), tools.element), place);

  /**
   * @param {Entry} entry
   * @param {Event} event
   */
  function open(entry, event) {
    if (entry.folder) {
      event.preventDefault();
      navigate(addressOf(entry.path));
    } else if (viewKind(entry)) {
      event.preventDefault();
      void view(entry);
    } else if (event.type !== "click") {
      void act.download([entry]); // from the keyboard or by a double click: as a click on its name would
    }
  }

  /** @param {Entry} entry */
  async function view(entry) {
    try {
      const { canView, openViewer } = await import("../view/viewer.js");
      const files = list.entries().filter(canView);
      const last = await openViewer({
        source: drive,
        entries: files,
        at: files.findIndex(({ path: one }) => one === entry.path),
        save: (one) => void act.download([one]),
        fault: faultOf,
        addressOf: (one) => fileAddress(one.path),
        signal: over.signal,
      });
      if (!over.signal.aborted) list.stand(last.path);
    } catch {
      toast(t("view.unavailable"), { kind: "problem" });
    }
  }

  /** @param {Element | {x: number, y: number}} at */
  function menu(at) {
    const chosen = list.chosen();
    const one = chosen.length === 1 ? chosen[0] : null;
    openMenu(
      at,
      [
        one && viewKind(one) && { text: t("link.look"), icon: "eye", act: () => void view(one) },
        one?.folder && { text: t("drive.open"), icon: "folder-open", act: () => navigate(addressOf(one.path)) },
        one && opensInTab(one) && { text: t("drive.open_tab"), icon: "external-link", act: () => void window.open(fileAddress(one.path), "_blank", "noopener") },
        { text: t("drive.share"), icon: "link", act: () => void perform("share") },
        { text: t("drive.download"), icon: "download", act: () => void perform("download") },
        one && { text: t("drive.rename"), icon: "pencil", act: () => void perform("rename") },
        { text: t("drive.move"), icon: "folder-input", act: () => void perform("move") },
        null,
        { text: t("drive.remove"), icon: "trash-2", danger: true, act: () => void perform("remove") },
      ],
      t("drive.menu"),
    );
  }

  /** @param {"share" | "download" | "rename" | "move" | "remove"} what */
  async function perform(what) {
    const chosen = list.chosen();
    if (chosen.length === 0) return;
    if (what === "rename") {
      if (chosen.length !== 1) return;
      const name = await list.rename(chosen[0]);
      if (name !== null) choose(await act.rename(chosen[0], name));
    } else if (what === "remove") {
      if (await act.remove(chosen)) list.focus();
    } else {
      await act[what](chosen);
    }
  }

  async function newFolder() {
    choose(await act.newFolder());
  }

  /** @param {string | null} made */
  function choose(made) {
    if (made === null) return;
    void read().then(() => list.choose(made));
  }

  function show() {
    if (!entries) return;
    const found = wanted === "" ? entries : entries.filter(({ name }) => name.normalize("NFC").toLocaleLowerCase().includes(wanted));
    if (found.length > 0) {
      if (!list.element.isConnected) fill(place, list.element);
    } else if (wanted !== "") {
      fill(place, emptyState({ icon: "search", title: t("drive.none_found"), text: t("drive.none_found.text", { text: wanted }) }));
    } else {
      const upload = button(t("drive.upload"), { kind: "primary", icon: "upload", click: () => /** @type {HTMLElement | null} */ (main.querySelector(".tools input[type=file]"))?.click() });
      fill(place, emptyState({ icon: "cloud-upload", title: t("drive.empty"), text: t("drive.empty.text"), action: upload }));
    }
    list.setEntries(found);
  }

  async function read() {
    if (reading) {
      unread = true;
      return;
    }
    reading = true;
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
      reading = false;
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
    fill(place, emptyState({ icon: gone ? "folder" : "circle-alert", title: t(gone ? "drive.gone" : "drive.unreadable"), text: gone ? t("drive.gone.text") : faultOf(error), action }));
  }

  function load() {
    entries = seen.get(path) ?? null;
    if (entries) show();
    else fill(place, skeleton(8, t("drive.loading")));
    const from = before;
    before = path;
    void read().then(() => {
      if (parentOf(from) === path && from !== path) list.stand(from);
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

  /** @param {MouseEvent} event */
  const beside = ({ target }) => {
    if (target === main || target === place) list.clear();
  };
  main.addEventListener("click", beside);

  load();
  return () => {
    over.abort();
    main.removeEventListener("click", beside);
    clearTimeout(timer);
    endDrops();
    endChanges();
    list.end();
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
