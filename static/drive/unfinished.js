/**
 * Large files that an earlier visit did not finish sending into the drive, from this browser: the server still has a part of each. They stand in a tray until they go on, or are
 * given up. Where the browser kept a handle of the file (send-handles.js) a click is enough, and the browser may ask whether the page may read it; elsewhere, or where that
 * fails, the file is chosen again.
 *
 * showUnfinished(uploads, desk)      uploads: of listUploads() (send-uploads.js); once, when the app opens
 *
 * What the browser keeps of each lies where tus-js-client puts it, below the fingerprint of tus-transfer.js.
 *
 * @typedef {{id: string, offset: number, length: number, path: string, modified: number}} Unfinished  modified: seconds
 */
import { el } from "../ui/element.js";
import { busy, button, iconButton } from "../ui/button.js";
import { forgetHandles, origins, tidyOrigins } from "../send-handles.js";
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
  const [running, places] = await Promise.all([inTransfer(), origins()]);
  void tidyOrigins(uploads.map(({ id }) => id));
  /** @type {Unfinished[]} */
  const found = [];
  for (const { id, use, offset, length } of uploads) {
    const mine = kept.get(id);
    if (use === "drive" && mine && length === mine.size && !running.has(id)) found.push({ ...mine, id, offset, length });
  }
  for (const [id, { key }] of kept) if (!running.has(id) && !uploads.some((upload) => upload.id === id)) localStorage.removeItem(key); // it ran out, or was given up elsewhere
  if (found.length === 0) return;

  const list = el("ul", { class: "tray-lines" }, found.map((one) => line(one, desk, kept.get(one.id)?.key ?? "", places.get(one.id))));
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
 * @param {import("../send-handles.js").Origin} [origin]  where the file lies
 */
function line({ id, path, offset, length, modified }, desk, key, origin) {
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

  async function chooseIt() {
    const [one] = (await choose())?.picked ?? [];
    if (one?.file) await take(one.file, "drive.unfinished.other_file");
  }

  /** @param {import("../send-handles.js").Origin} from */
  async function goOn(from) {
    const goes = await busy(going, async () => {
      const file = await fileAt(from);
      if (!file) toast(t("drive.unfinished.unread", { name }), { kind: "problem" });
      return file !== null && take(file, "drive.unfinished.changed");
    });
    if (goes) return;
    going.replaceWith(choosing);
    choosing.focus();
  }

  /**
   * @param {File} file
   * @param {string} wrong  what to say where it is another
   */
  async function take(file, wrong) {
    // The bytes that are there already are those of one file alone.
    if (file.size !== length || Math.floor(file.lastModified / 1000) !== modified) {
      toast(t(wrong, { name }), { kind: "problem" });
      return false;
    }
    await desk.take({ picked: [{ path: name, file }], unread: [] }, parentOf(path));
    return true;
  }

  async function giveUp() {
    try {
      await deleteUpload(id);
      localStorage.removeItem(key);
      void forgetHandles(id);
      gone();
    } catch (error) {
      complain(error);
    }
  }

  const choosing = button(t("drive.unfinished.choose"), { kind: "soft", click: () => void chooseIt() });
  const going = button(t("drive.unfinished.go_on"), { kind: "soft", click: () => origin && void goOn(origin) });
  going.setAttribute("aria-label", t("drive.unfinished.go_on_one", { name }));
  const element = el(
    "li",
    {},
    el("div", { class: "cut" }, el("bdi", { title: path }, name), el("small", {}, t("drive.unfinished.amount", { sent: bytes(offset), all: bytes(length) })), bar.element),
    el(
      "span",
      { class: "tray-buttons" },
      origin ? going : choosing,
      iconButton("x", t("drive.unfinished.give_up", { name }), () => void giveUp()),
    ),
  );
  return element;
}

/**
 * The file, within a click: the browser may have to ask.
 * @param {import("../send-handles.js").Origin} origin
 * @returns {Promise<File | null>} null where it is gone, or a person or the browser says no
 */
async function fileAt({ root, path }) {
  const asked = /** @type {import("./picked.js").Asked} */ (root);
  const read = /** @type {const} */ ({ mode: "read" });
  try {
    let state = await asked.queryPermission?.(read);
    if (state === "prompt") state = await asked.requestPermission?.(read);
    if (state !== undefined && state !== "granted") return null;
    const names = path.split("/").slice(1);
    const last = names.pop();
    if (last === undefined) return await /** @type {FileSystemFileHandle} */ (root).getFile();
    let folder = /** @type {FileSystemDirectoryHandle} */ (root);
    for (const name of names) folder = await folder.getDirectoryHandle(name);
    return await (await folder.getFileHandle(last)).getFile();
  } catch {
    return null;
  }
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
