/**
 * Making a link: asks how (share-form.js) and what (share-files.js), seals and sends (share-progress.js), and shows the link (share-result.js). Start from shareByLink.
 *
 * @typedef {import("./share-files.js").Load} Load
 *
 * @typedef {object} Sharing
 * @property {string} title  what the link will be called, unless the person says otherwise
 * @property {(signal: AbortSignal) => Promise<Load>} load  finds out what there is to send
 * @property {{id: string, accountKey: CryptoKey}} account
 */
import { el, fill } from "../ui/element.js";
import { button, busy, isBusy } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { passwordBytes } from "../sealed.js";
import { itemsFromSource } from "../send.js";
import { webdavSource } from "../source-webdav.js";
import { choose } from "./choose.js";
import { pickFromDrive } from "./drive-picker.js";
import { carriesFiles, loadOf, pickedFromDrop } from "./picked.js";
import { shareFiles } from "./share-files.js";
import { shareForm } from "./share-form.js";
import { shareProgress } from "./share-progress.js";
import { shareResult } from "./share-result.js";

/**
 * @param {Sharing} sharing
 * @returns {Promise<string | null>} the new link's id, or null where none was made
 */
export async function shareByLink(sharing) {
  const reading = new AbortController();
  const asked = await askHow(sharing, reading.signal);
  if (!asked) {
    reading.abort();
    return null;
  }
  const { choice, load } = asked;
  const made = await shareProgress({
    items: load.items,
    folders: load.folders,
    title: choice.title || undefined,
    note: choice.note || undefined,
    password: choice.password || undefined,
    lifetime: choice.lifetime,
    maxVisits: choice.maxVisits,
    accountKey: sharing.account.accountKey,
    accountID: sharing.account.id,
  });
  if (!made) return null;
  const dialog = openDialog({ title: t("share.ready"), content: shareResult({ ...made, left: load.left, choice }, () => dialog.close()) });
  dialog.element.querySelector("button")?.focus();
  await dialog.closed;
  return made.id;
}

/**
 * @param {Sharing} sharing
 * @param {AbortSignal} signal
 * @returns {Promise<{choice: import("./share-form.js").ShareChoice, load: Load} | undefined>}
 */
async function askHow({ title, load }, signal) {
  const form = shareForm({ title });
  const create = button(t("share.create"), { kind: "primary", icon: "lock", type: "submit" });
  const trust = el("span", {});
  const files = shareFiles(() => {
    const { items, folders } = files.load();
    create.disabled = !files.counting() && items.length + folders.length === 0;
    const [drive, here] = [items.some(({ from }) => from.kind === "drive"), items.some(({ from }) => from.kind === "file")];
    fill(trust, t("share.trust"), drive && here ? ` ${t("share.trust_both")}` : drive ? ` ${t("share.trust_drive")}` : here ? ` ${t("share.trust_computer")}` : "");
  });

  /** @param {Promise<import("./picked.js").Picking | null>} picking */
  async function take(picking) {
    const picked = await picking;
    if (picked) files.add(Promise.resolve(loadOf(picked)));
  }
  async function takeFromDrive() {
    const drive = webdavSource();
    const chosen = await pickFromDrive(drive);
    if (chosen) files.add(itemsFromSource(drive, chosen, { signal }).then((found) => ({ ...found, left: [] })));
  }

  const body = el(
    "form",
    {
      novalidate: true,
      async submit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        if (isBusy(create) || create.disabled) return;
        const choice = form.choice();
        if (!choice) return;
        try {
          if (choice.password) passwordBytes(choice.password);
        } catch (error) {
          return form.faultInPassword(t(`share.password.fault.${/** @type {{code: string}} */ (error).code}`));
        }
        try {
          const held = await busy(create, () => files.settled(), t("share.counting"));
          if (held.items.length + held.folders.length > 0) dialog.close({ choice, load: held });
        } catch {
          // told already
        }
      },
    },
    files.element,
    el(
      "div",
      { class: "share-add" },
      button(t("share.add_files"), { icon: "file-plus", click: () => void take(choose()) }),
      button(t("share.add_folder"), { icon: "folder-plus", click: () => void take(choose({ folder: true })) }),
      button(t("share.from_drive"), { icon: "hard-drive", click: () => void takeFromDrive() }),
    ),
    form.element,
    files.fault,
    el("p", { class: "quiet share-trust" }, icon("lock"), trust),
    el("div", { class: "end" }, button(t("ui.cancel"), { click: () => dialog.close() }), create),
  );
  /** @type {import("../ui/dialog.js").Dialog<{choice: import("./share-form.js").ShareChoice, load: Load}>} */
  const dialog = openDialog({ title: t("share.heading"), content: body });
  takesDrops(dialog.element, (transfer) => void take(pickedFromDrop(transfer)));
  files.add(load(signal));
  return dialog.closed;
}

/**
 * Makes an open dialog take files that are dropped anywhere, since the page below it is inert.
 * @param {HTMLDialogElement} dialog
 * @param {(transfer: DataTransfer) => void} drop  within the event
 */
export function takesDrops(dialog, drop) {
  let timer = 0;
  /** @param {DragEvent} event */
  function dragged(event) {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    dialog.classList.add("drop-here");
    clearTimeout(timer); // as on the page: a drag that is gone simply says nothing more
    timer = window.setTimeout(() => dialog.classList.remove("drop-here"), 400);
  }
  dialog.addEventListener("dragenter", dragged);
  dialog.addEventListener("dragover", dragged);
  dialog.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    event.stopPropagation();
    dialog.classList.remove("drop-here");
    drop(event.dataTransfer);
  });
}
