/**
 * Large files that an earlier visit did not finish sending into the drive, from this browser: the server still has a part of each. They stand in a tray until the file is
 * chosen again (a page cannot open it by itself), or given up.
 *
 * showUnfinished(uploads, desk)      uploads: of listUploads() (send-uploads.js); once, when the app opens
 *
 * What the browser keeps of each lies where tus-js-client puts it, below the fingerprint of tus-transfer.js.
 *
 * @typedef {{id: string, offset: number, length: number, path: string, modified: number}} Unfinished  modified: seconds
 */
import { el } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { progressBar } from "../ui/progress.js";
import { toast } from "../ui/toast.js";
import { ownName } from "../base.js";
import { bytes, t } from "../texts.js";
import { deleteUpload } from "../send-uploads.js";
import { choose } from "./choose.js";
import { complain } from "./fault.js";
import { nameOf, parentOf } from "./place.js";
import { traysPlace } from "./trays.js";
import { inTransfer, TAKEN } from "./tus-taken.js";

/**
 * @param {import("../send-uploads.js").UploadAnswer[]} uploads
 * @param {Pick<import("./upload-desk.js").UploadDesk, "take">} desk
 */
export async function showUnfinished(uploads, desk) {
  const kept = keptHere();
  const busy = await inTransfer();
  /** @type {Unfinished[]} */
  const found = [];
  for (const { id, use, offset, length } of uploads) {
    const mine = kept.get(id);
    if (use === "drive" && mine && length === mine.size && !busy.has(id)) found.push({ ...mine, id, offset, length });
  }
  for (const [id, { key }] of kept) if (!busy.has(id) && !uploads.some((upload) => upload.id === id)) localStorage.removeItem(key); // it ran out, or was given up elsewhere
  if (found.length === 0) return;

  const list = el("ul", { class: "tray-lines" }, found.map((one) => line(one, desk, kept.get(one.id)?.key ?? "")));
  const element = el(
    "section",
    { class: "tray", "aria-label": t("drive.unfinished.label") },
    el("div", { class: "t" }, el("b", {}, t("drive.unfinished", { count: found.length })), el("span", { class: "tray-buttons" }, iconButton("x", t("drive.unfinished.later"), close))),
    list,
  );
  function close() {
    element.remove();
    watching.disconnect();
  }
  const watching = new MutationObserver(() => list.childElementCount === 0 && close());
  watching.observe(list, { childList: true });
  traysPlace().append(element);
}

/**
 * @param {Unfinished} upload
 * @param {Pick<import("./upload-desk.js").UploadDesk, "take">} desk
 * @param {string} key  of what the browser keeps of it
 */
function line({ id, path, offset, length, modified }, desk, key) {
  const name = nameOf(path);
  const bar = progressBar(t("drive.tray.progress_of", { name }));
  bar.set(length > 0 ? offset / length : 0);
  addEventListener(TAKEN, taken);
  /** @param {Event} event */
  function taken(event) {
    if (/** @type {CustomEvent<string>} */ (event).detail === id) gone();
  }
  function gone() {
    removeEventListener(TAKEN, taken);
    element.remove();
  }

  async function goOn() {
    const [one] = (await choose())?.picked ?? [];
    if (!one?.file) return;
    // The bytes that are there already are those of one file alone.
    if (one.file.size !== length || Math.floor(one.file.lastModified / 1000) !== modified) {
      toast(t("drive.unfinished.other_file", { name }), { kind: "problem" });
      return;
    }
    await desk.take({ picked: [{ path: name, file: one.file }], unread: [] }, parentOf(path));
  }

  async function giveUp() {
    try {
      await deleteUpload(id);
      localStorage.removeItem(key);
      gone();
    } catch (error) {
      complain(error);
    }
  }

  const element = el(
    "li",
    {},
    el("div", { class: "cut" }, el("bdi", { title: path }, name), el("small", {}, t("drive.unfinished.amount", { sent: bytes(offset), all: bytes(length) })), bar.element),
    el(
      "span",
      { class: "tray-buttons" },
      button(t("drive.unfinished.choose"), { kind: "soft", click: () => void goOn() }),
      iconButton("x", t("drive.unfinished.give_up", { name }), () => void giveUp()),
    ),
  );
  return element;
}

/** What the browser keeps of uploads of this account, by their ids. */
function keptHere() {
  /** @type {Map<string, {key: string, path: string, size: number, modified: number}>} */
  const kept = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(`tus::${ownName("thorpe-drive")}\n${document.body.dataset.account}\n`)) continue;
      const { size, metadata, uploadUrl } = JSON.parse(localStorage.getItem(key) ?? "");
      const id = /\/([\w-]{22})$/u.exec(uploadUrl)?.[1];
      if (id) kept.set(id, { key, size, path: String(metadata.path), modified: Math.floor(Date.parse(metadata.modified) / 1000) });
    }
  } catch {
    // A browser that keeps nothing, or something that is not tus-js-client's.
  }
  return kept;
}
