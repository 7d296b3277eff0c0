/**
 * Looks at files of the drive, where a person asked for one or the page's address names one (place.js): a reload, the way back and forward, a bookmark and a link come to it.
 *
 * lookAt(entry, options) -> Promise<void>                once nothing is looked at any more
 * found(drive, path, signal) -> Promise<Entry | undefined>    what lies there now; where nothing does, a person is told, and the address names it no more
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { setTitle } from "../shell.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { canView, openViewer } from "../view/viewer.js";
import { largestEdited } from "../view/kinds.js";
import { tellChanged } from "./acts.js";
import { complain, faultOf } from "./fault.js";
import { fileAddress, lookAddress, nameOf, parentOf, placeOnly } from "./place.js";

/**
 * @param {Entry} entry
 * @param {object} options
 * @param {string | null} options.path  of the folder that is shown
 * @param {import("./actions.js").Drive} options.drive
 * @param {Entry[]} options.entries  as they are shown
 * @param {(entry: Entry) => void} options.save
 * @param {(path: string) => void} options.stand  puts the keyboard on what was looked at last
 * @param {AbortSignal} options.signal  aborted when the page is left
 * @param {boolean} options.editing
 * @param {boolean} options.there  the address names it already
 */
export async function lookAt(entry, { path, drive, entries, save, stand, signal, editing, there }) {
  if (!there && !document.querySelector("dialog.viewer") && placeOnly(location) !== location.pathname + location.search) forget(); // another was waited for
  const can = editing ? !entry.folder && entry.size <= largestEdited : canView(entry);
  if (!can && there) {
    forget();
    return stand(entry.path);
  }
  const beside = entries.filter((one) => canView(one) || one.path === entry.path);
  const files = beside.some((one) => one.path === entry.path) ? beside : [entry];
  const { title } = document;
  const last = await openViewer({
    source: drive,
    entries: files,
    at: files.findIndex((one) => one.path === entry.path),
    save,
    fault: faultOf,
    addressOf: (one) => fileAddress(one.path),
    signal,
    editor: () => import("../view/editor.js"),
    editing,
    changed: (one) => void tellChanged([parentOf(one)]),
    stands: {
      way: there ? (history.state?.looks ? "there" : "alone") : "new",
      step(one, edited) {
        setTitle(one.name);
        return { state: { ...history.state, looks: true }, address: lookAddress(path, one.path, edited) };
      },
      closed: without,
    },
  });
  if (signal.aborted) return;
  if (!document.querySelector("dialog.viewer")) document.title = title;
  stand(last.path);
}

/**
 * @param {import("./actions.js").Drive} drive
 * @param {string} path
 * @param {AbortSignal} signal
 */
export async function found(drive, path, signal) {
  try {
    return await drive.stat(path, { signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    if (/** @type {{status?: number}} */ (error).status !== 404) complain(error);
    else {
      toast(t("drive.look_gone", { name: nameOf(path) }), { kind: "problem" });
      forget();
    }
    return undefined;
  }
}

/** The page alone. */
const without = () => ({ state: { ...history.state, looks: undefined }, address: placeOnly(location) });

function forget() {
  const { state, address } = without();
  history.replaceState(state, "", address);
}
