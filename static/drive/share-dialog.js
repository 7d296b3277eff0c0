/**
 * Making a link: asks how (share-form.js) and what (share-files.js), seals and sends (share-progress.js), and shows the link (share-result.js). Start from shareByLink.
 *
 * @typedef {import("./share-files.js").Load} Load
 *
 * @typedef {object} Sharing
 * @property {string} title  what the link will be called, unless the person says otherwise
 * @property {boolean} fromDrive  where what is loaded first lies, so that the dialog says the right thing before it knows
 * @property {(signal: AbortSignal) => Promise<Load>} load  finds out what there is to send
 * @property {{id: string, accountKey: CryptoKey}} account
 */
import { el, fill } from "../ui/element.js";
import { button, busy, isBusy } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { asksFirst, typedIn } from "../ui/leave.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { passwordBytes } from "../sealed.js";
import { itemsFromSource, send } from "../send.js";
import { webdavSource } from "../source-webdav.js";
import { choose } from "./choose.js";
import { pickFromDrive } from "./drive-picker.js";
import { pickedFromDrop } from "./picked.js";
import { loadOf } from "./picked-load.js";
import { sendAndRetry, withHandles } from "./share-again.js";
import { takesDrops } from "./share-drops.js";
import { shareFiles } from "./share-files.js";
import { shareForm } from "./share-form.js";
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
  const { items, folders, left, handles = [] } = load;
  const owner = { accountKey: sharing.account.accountKey, accountID: sharing.account.id };
  const request = {
    items,
    folders,
    title: choice.title || undefined,
    note: choice.note || undefined,
    password: choice.password || undefined,
    lifetime: choice.lifetime,
    maxVisits: choice.maxVisits,
    ...owner,
  };
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const first = { total, left, known: { items, handles }, run: (/** @type {import("../send.js").SendOptions} */ options) => send(request, withHandles(options, handles)) };
  const made = await sendAndRetry(first, owner);
  if (!made) return null;
  await showMade(made, left, choice);
  return made.id;
}

/**
 * @param {import("../send.js").Made} made
 * @param {string[]} left
 * @param {{title: string, password: string, maxVisits: number | null}} choice
 */
export async function showMade(made, left, choice) {
  const dialog = openDialog({ title: t("share.ready"), content: shareResult({ ...made, left, choice }, () => dialog.close()) });
  dialog.element.querySelector("button")?.focus();
  await dialog.closed;
}

/**
 * @param {Sharing} sharing
 * @param {AbortSignal} signal
 * @returns {Promise<{choice: import("./share-form.js").ShareChoice, load: Load} | undefined>}
 */
async function askHow({ title, fromDrive, load }, signal) {
  const form = shareForm({ title });
  const create = button(t("share.create"), { kind: "primary", icon: "lock", type: "submit" });
  const trust = el("span", {});
  const files = shareFiles(() => {
    const { items, folders } = files.load();
    create.disabled = !files.counting() && items.length + folders.length === 0;
    const drive = items.length > 0 ? items.some(({ from }) => from.kind === "drive") : fromDrive;
    const here = items.length > 0 ? items.some(({ from }) => from.kind === "file") : !fromDrive;
    fill(trust, t("share.trust"), " ", t(drive && here ? "share.trust_both" : drive ? "share.trust_drive" : "share.trust_computer"));
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
    el("div", { class: "end" }, button(t("ui.cancel"), { click: () => void guard.leave(dialog) }), create),
  );
  const held = () => files.load().items.length + files.load().folders.length;
  const typed = typedIn(body);
  let first = 0; // so much stood there from the beginning
  const words = { title: t("share.leave_title"), text: t("share.leave_text"), stay: t("share.go_on") };
  const guard = asksFirst(words, () => typed() || (!files.counting() && held() !== first));
  /** @type {import("../ui/dialog.js").Dialog<{choice: import("./share-form.js").ShareChoice, load: Load}>} */
  const dialog = openDialog({ title: t("share.heading"), content: body, keep: guard.keep, leave: () => void guard.leave(dialog) });
  takesDrops(dialog.element, (transfer) => void take(pickedFromDrop(transfer)));
  const loading = load(signal);
  void loading.then(({ items, folders }) => (first = items.length + folders.length), () => {}); // a failure is told by what takes it
  files.add(loading);
  return dialog.closed;
}
