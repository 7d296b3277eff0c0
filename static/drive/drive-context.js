/**
 * What the commands of the drive work with, and how its entries are opened: for every page that shows entries of the drive, whichever folders they lie in.
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} DriveOptions
 * @property {string | null} path  of the folder that is shown, in which new things are made; null where it is no folder
 * @property {import("./actions.js").Drive} drive
 * @property {import("./upload-desk.js").UploadDesk} desk
 * @property {AbortSignal} signal  aborted when the page is left
 * @property {() => Promise<void>} reread  reads anew what is shown; done when it is shown
 * @property {() => Entry[]} all  what is there, whether it is shown or not
 * @property {() => boolean} [busy]  whether more may come
 *
 * @typedef {ReturnType<typeof import("./actions.js").actions>} Acts
 *
 * @typedef {object} DriveParts
 * @property {Acts} act  of actions.js, which is loaded with the first of them
 * @property {(entry: Entry, editing?: boolean) => Promise<void>} look  opens the viewer, with the entries that are shown as the next ones; editing: its editor
 *
 * @typedef {import("./commands.js").PaneContext & DriveOptions & DriveParts} DriveContext
 */
import { navigate } from "../router.js";
import { held, later } from "../later.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { viewKind } from "../view/kinds.js";
import { discard, onChanged, onWork } from "./changes.js";
import { onItsWay } from "./clipboard.js";
import { driveCommands } from "./commands.js";
import { pickedFromInput } from "./picked.js";
import { addressOf, fileAddress, lookedAt, parentOf } from "./place.js";
import { keepViewChoice, keepWay, viewChoice } from "./view-choice.js";

/**
 * The options of filesPane() that all pages of the drive have in common.
 * @param {DriveOptions} options
 */
export function drivePane(options) {
  const { path, drive, desk, signal, reread, all, busy = () => false } = options;
  /** @type {Acts | null} */
  let loaded = null;
  async function acts() {
    const { actions } = await later(() => import("./actions.js"));
    return (loaded ??= actions({ path: path ?? "", drive, entries: all }));
  }
  /** @type {Acts} */
  const act = {
    share: async (chosen) => (await held(acts())).share(chosen),
    download: async (chosen) => (await acts()).download(chosen),
    move: async (chosen, how) => (await held(acts())).move(chosen, how),
    shareFromComputer: async (choosing) => (await held(acts())).shareFromComputer(choosing),
    newFolder: async () => (await held(acts())).newFolder(),
  };
  const concerns = (/** @type {Set<string>} */ folders) => path === null || folders.has(path) || [...folders].some((folder) => parentOf(folder) === path);
  const endChanges = onChanged((folders) => (concerns(folders) ? reread() : null));
  signal.addEventListener("abort", endChanges, { once: true });
  const drags = {
    path,
    /**
     * @param {Entry[]} entries
     * @param {string} to
     * @param {{copy: boolean}} how
     */
    async drop(entries, to, { copy }) {
      const { carry } = await later(() => import("./carrying.js"));
      await carry(drive, entries, to, { copy });
    },
    discard: (/** @type {Entry[]} */ entries) => discard(drive, entries),
  };

  /**
   * @param {Entry} entry
   * @param {import("./files-pane.js").FilesPane} pane
   * @param {{editing?: boolean, there?: boolean}} [how]  there: the address says so already
   */
  async function look(entry, pane, { editing = false, there = false } = {}) {
    wanted = null;
    try {
      const { lookAt } = await import("./looking.js");
      await lookAt(entry, { path, drive, signal, entries: pane.entries(), save: (one) => void act.download([one]), stand: pane.stand, editing, there });
    } catch {
      toast(t("view.unavailable"), { kind: "problem" });
    }
    if (signal.aborted) return;
    wanted = lookedAt(path); // one may have gone from one file to another in the history
    lookOn();
  }

  /** The page, once it shows something. @type {import("./files-pane.js").FilesPane | null} */
  let shownBy = null;
  /** What is to be looked at, as soon as it is there. */
  let wanted = lookedAt(path);
  addEventListener("popstate", () => {
    wanted = lookedAt(path);
    lookOn();
  }, { signal });

  function lookOn() {
    if (wanted) void shownBy?.ready.then(lookNow);
  }

  async function lookNow() {
    if (!wanted || !shownBy || signal.aborted || busy() || document.querySelector("dialog.viewer")) return; // busy: the others beside it are still to come
    wanted = lookedAt(path); // something else may be searched for by now
    if (!wanted) return;
    const { path: file, editing } = wanted;
    let entry = shownBy.entries().find((one) => one.path === file);
    wanted = null;
    try {
      entry ??= await (await import("./looking.js")).found(drive, file, signal);
    } catch {
      toast(t("view.unavailable"), { kind: "problem" });
    }
    if (!entry) wanted = lookedAt(path); // there was no answer: it is tried anew when the page shows something anew
    else if (!signal.aborted) await look(entry, shownBy, { editing, there: true });
  }

  return {
    /**
     * To be called whenever the page shows something: it looks at what the address names, where that is there by now.
     * @param {import("./files-pane.js").FilesPane} pane
     */
    shown(pane) {
      shownBy = pane;
      lookOn();
    },
    commands: driveCommands,
    // The order is kept of folders alone: what changed lately has its own.
    choice: { first: viewChoice(), keep: path === null ? (/** @type {import("./view-choice.js").ViewChoice} */ { way }) => keepWay(way) : keepViewChoice },
    pictures: async () => (await import("../view/drive-pictures.js")).drivePictures(drive),
    drags: matchMedia("(pointer: coarse)").matches ? null : drags, // a finger held on a name is for its menu
    leaving: onItsWay,
    withheld: onWork,
    /**
     * @param {import("./commands.js").PaneContext} base
     * @returns {DriveContext}
     */
    context: (base) => ({ ...options, ...base, act, look: (entry, editing) => look(entry, base.pane, { editing }) }),
    /**
     * @param {Entry} entry
     * @param {Event} event
     * @param {DriveContext} context
     */
    open(entry, event, context) {
      if (entry.folder) {
        event.preventDefault();
        navigate(addressOf(entry.path));
      } else if (viewKind(entry)) {
        event.preventDefault();
        void context.look(entry);
      } else if (event.type !== "click") {
        void act.download([entry]); // from the keyboard or by a double click: as a click on its name would
      }
    },
    /** @param {Entry} entry */
    hrefOf: (entry) => (entry.folder ? addressOf(entry.path) : fileAddress(entry.path)),
    quick: [{ command: "share", label: (/** @type {Entry} */ { name }) => t("drive.share_one", { name }) }],
    upload: path === null ? undefined : {
      picked: (/** @type {HTMLInputElement} */ input) => void desk.take(pickedFromInput(input), path),
      async choose() {
        const { choose } = await later(() => import("./choose.js"));
        const picking = await choose();
        if (picking) await desk.take(picking, path);
      },
    },
  };
}
