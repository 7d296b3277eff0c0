/**
 * Making a link: asks how (share-form.js), seals and sends (share-progress.js), and shows the link (share-result.js). Start from shareFiles.
 *
 * @typedef {{items: import("../send.js").SendItem[], folders: string[], left: string[]}} Load  left: what could not be read
 *
 * @typedef {object} Sharing
 * @property {string} title  what the link will be called, unless the person says otherwise
 * @property {boolean} fromDrive  the files lie in the drive too, where the server can read them
 * @property {(signal: AbortSignal) => Promise<Load>} load  finds out what there is to send
 * @property {{id: string, accountKey: CryptoKey}} account
 */
import { el, fill } from "../ui/element.js";
import { button, busy, isBusy } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { passwordBytes } from "../sealed.js";
import { faultOf } from "./fault.js";
import { shareForm } from "./share-form.js";
import { shareProgress } from "./share-progress.js";
import { shareResult } from "./share-result.js";

/**
 * @param {Sharing} sharing
 * @returns {Promise<string | null>} the new link's id, or null where none was made
 */
export async function shareFiles(sharing) {
  const reading = new AbortController();
  const loading = sharing.load(reading.signal);
  const asked = await askHow(sharing, loading);
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
 * @param {Promise<Load>} loading
 * @returns {Promise<{choice: import("./share-form.js").ShareChoice, load: Load} | undefined>}
 */
async function askHow({ title, fromDrive }, loading) {
  const form = shareForm({ title });
  const sub = el("p", { class: "sub share-sum", role: "status" }, t("share.counting"));
  const fault = el("div", { role: "alert" });
  const create = button(t("share.create"), { kind: "primary", icon: "lock", type: "submit" });

  loading.then(
    ({ items, folders }) => {
      const total = items.reduce((sum, { size }) => sum + size, 0);
      sub.textContent = t("share.sum", { count: items.length, size: bytes(total) });
      if (items.length + folders.length === 0) tell(t("share.fault.no_files"));
    },
    (error) => {
      sub.textContent = "";
      if (error?.name !== "AbortError") tell(faultOf(error));
    },
  );

  /** @param {string} words */
  function tell(words) {
    fill(fault, el("div", { class: "notice bad" }, icon("circle-alert"), el("p", {}, words)));
    create.disabled = true;
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
          const load = await busy(create, () => loading, t("share.counting"));
          dialog.close({ choice, load });
        } catch {
          // told already
        }
      },
    },
    sub,
    form.element,
    fault,
    el(
      "p",
      { class: "quiet share-trust" },
      icon("lock"),
      el("span", {}, t("share.trust"), fromDrive ? " " + t("share.trust_drive") : " " + t("share.trust_computer")),
    ),
    el("div", { class: "end" }, button(t("ui.cancel"), { click: () => dialog.close() }), create),
  );
  /** @type {import("../ui/dialog.js").Dialog<{choice: import("./share-form.js").ShareChoice, load: Load}>} */
  const dialog = openDialog({ title: t("share.heading"), content: body });
  return dialog.closed;
}
