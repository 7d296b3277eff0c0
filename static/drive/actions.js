/**
 * What can be done with files of the drive: share, download, move and copy into a folder that is asked for, and making a folder. Each says itself what went wrong.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {ReturnType<typeof import("../source-webdav.js").webdavSource>} Drive
 */
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { currentAccount } from "../account-store.js";
import { itemsFromSource } from "../send.js";
import { webdavSource } from "../source-webdav.js";
import { carry } from "./carrying.js";
import { downloadInTray } from "./download-tray.js";
import { pickFromDrive } from "./drive-picker.js";
import { complain } from "./fault.js";
import { askFolder } from "./folder-dialog.js";
import { madeUndoable } from "./made.js";
import { askFolderName } from "./name-dialog.js";
import { splitName } from "./names.js";
import { loadOf } from "./picked-load.js";
import { fileAddress, join, nameOf, parentOf } from "./place.js";
import { shareByLink } from "./share-dialog.js";
import { traysPlace } from "./trays.js";

/**
 * @param {object} options
 * @param {string} options.path  of the folder that is shown
 * @param {Drive} options.drive
 * @param {() => Entry[]} options.entries
 */
export function actions({ path, drive, entries }) {
  return {
    /** @param {Entry[]} chosen */
    async share(chosen) {
      await share(titleOf(chosen, path), true, async (signal) => ({ ...(await itemsFromSource(drive, chosen, { signal })), left: [] }));
    },
    /** @param {Entry[]} chosen */
    async download(chosen) {
      if (chosen.length === 1 && !chosen[0].folder) return save(chosen[0]);
      const name = chosen.length === 1 ? chosen[0].name : path === "" ? t("drive.root") : nameOf(path);
      await downloadInTray(traysPlace(), drive, chosen, { name: `${name}.zip`, zipName: name });
    },
    /**
     * Moves or copies into a folder that is asked for.
     * @param {Entry[]} chosen
     * @param {{copy?: boolean}} [options]
     */
    async move(chosen, { copy = false } = {}) {
      const to = await askFolder(drive, { from: path, moving: chosen, copy });
      if (to !== undefined) await carry(drive, chosen, to, { copy });
    },
    /** @param {Promise<import("./picked.js").Picking | null>} choosing */
    async shareFromComputer(choosing) {
      const picking = await choosing;
      if (picking) await shareFromComputer(picking);
    },
    /** @returns {Promise<string | null>} the path of a new folder */
    async newFolder() {
      const names = new Set(entries().map(({ name }) => name.normalize("NFC")));
      const name = await askFolderName((wanted) => names.has(wanted));
      if (name === undefined) return null;
      try {
        await drive.makeFolder(join(path, name));
        madeUndoable(drive, join(path, name));
        return join(path, name);
      } catch (error) {
        if (/** @type {{status?: number}} */ (error).status === 405) toast(t("drive.name.taken", { name }), { kind: "problem" });
        else complain(error);
        return null;
      }
    },
  };
}

/**
 * Shares files of this computer, without storing them in the drive.
 * @param {import("./picked.js").Picking} picking
 */
export async function shareFromComputer(picking) {
  const tops = new Set(picking.picked.map(({ path }) => path.split("/")[0]));
  const [top = ""] = tops;
  const title = tops.size > 1 ? "" : picking.picked[0]?.path.includes("/") ? top : splitName(top)[0];
  return share(title, false, async () => loadOf(picking));
}

/** Asks for files of the drive, and shares them. */
export async function shareFromDrive() {
  const drive = webdavSource();
  const chosen = await pickFromDrive(drive);
  if (!chosen) return null;
  return share(titleOf(chosen, parentOf(chosen[0].path)), true, async (signal) => ({ ...(await itemsFromSource(drive, chosen, { signal })), left: [] }));
}

/**
 * @param {string} title
 * @param {boolean} fromDrive
 * @param {import("./share-dialog.js").Sharing["load"]} load
 */
export async function share(title, fromDrive, load) {
  const account = await currentAccount();
  if (!account) {
    toast(t("share.fault.no_account"), { kind: "problem" });
    return null;
  }
  return shareByLink({ title, fromDrive, load, account });
}

/**
 * @param {Entry[]} chosen
 * @param {string} path
 */
function titleOf(chosen, path) {
  if (chosen.length > 1) return nameOf(path); // "" at the root
  return chosen[0].folder ? chosen[0].name : splitName(chosen[0].name)[0];
}

/**
 * Lets the browser save a file by itself.
 * @param {Entry} entry
 */
function save(entry) {
  const link = document.createElement("a");
  link.href = fileAddress(entry.path);
  link.download = entry.name;
  link.click();
}
