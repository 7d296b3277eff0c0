// /share/: what was shared into the installed app from the device's share sheet, and what becomes of it. Nothing of it has left this device yet.
import { at } from "../base.js";
import { icon } from "../icons.js";
import { navigate } from "../router.js";
import { setTitle } from "../shell.js";
import { forgetShared, sharedThings } from "../share-store.js";
import { bytes, date, t } from "../texts.js";
import { busy, button } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { emptyState } from "../ui/empty.js";
import { openedDrive } from "../drive/opened.js";
import { nameBeside } from "../drive/names.js";
import { addressOf } from "../drive/place.js";

/** Names that are shown; the rest is counted. */
const shown = 20;

/** @type {import("../router.js").Show} */
export async function show(main, { query, left }) {
  setTitle(t("incoming.title"));
  const id = query.get("id") ?? "";
  const shared = id === "" ? null : await sharedThings(id);
  if (left.aborted) return;
  const picking = shared ? pickingOf(shared) : { picked: [], unread: [] };
  if (!shared || picking.picked.length === 0) {
    const text = query.has("lost") ? t("incoming.lost") : id === "" ? t("incoming.nothing") : t("incoming.gone");
    fill(main, el("div", { class: "head" }, el("h1", {}, t("incoming.title"))), emptyState({ icon: "share-2", title: t("incoming.none"), text, action: button(t("drive.gone.start"), { kind: "primary", click: () => navigate(at("/")) }) }));
    return;
  }
  const files = picking.picked;
  const { drive, desk } = openedDrive();

  /** @param {string} folder */
  async function upload(folder) {
    await desk.take(picking, folder); // only queued by now: what was shared stays here until its hour is over
    navigate(addressOf(folder), { replace: true });
  }
  async function elsewhere() {
    const { askFolder } = await import("../drive/folder-dialog.js");
    const folder = await askFolder(drive, { from: null, moving: [], title: t("incoming.where"), action: t("incoming.upload_here") });
    if (folder !== undefined) await upload(folder);
  }
  async function link() {
    const { shareFromComputer } = await import("../drive/actions.js");
    if (await shareFromComputer(picking)) await discard();
  }
  async function discard() {
    await forgetShared(id);
    navigate(at("/"), { replace: true });
  }

  const size = files.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
  const root = button(t("incoming.upload"), { kind: "primary", icon: "upload", click: () => void busy(root, () => upload("")) });
  fill(main,
    el("div", { class: "head" }, el("h1", {}, t("incoming.title"))),
    el("section", { class: "section" },
      el("p", {}, t("incoming.what", { count: files.length, size: bytes(size), when: date(new Date(shared.at)) })),
      el("ul", { class: "lines" }, files.slice(0, shown).map(({ path, file }) => el("li", { class: "line" }, icon(file?.type.startsWith("image/") ? "image" : "file"),
        el("div", { class: "what" }, el("bdi", {}, path), el("small", {}, bytes(file?.size ?? 0)))))),
      files.length > shown && el("p", { class: "quiet" }, t("incoming.more", { count: files.length - shown })),
      shared.left > 0 && el("div", { class: "notice warn" }, icon("triangle-alert"), el("p", {}, t("incoming.left", { count: shared.left }))),
      el("p", { class: "actions" }, root,
        button(t("incoming.upload_to"), { kind: "soft", icon: "folder-input", click: () => void elsewhere() }),
        button(t("incoming.link"), { kind: "soft", icon: "link", click: () => void link() }),
        button(t("incoming.discard"), { kind: "danger", click: () => void discard() }))));
}

/**
 * Files as they came, each with a name of its own; a text or an address becomes a file too.
 * @param {import("../share-store.js").Shared} shared
 * @returns {import("../drive/picked.js").Picking}
 */
function pickingOf({ title, text, url, files, at }) {
  /** @type {import("../drive/picked.js").Picked[]} */
  const picked = [];
  const taken = new Set();
  /** @param {File} file */
  const add = (file) => {
    const name = nameBeside(cleanName(file.name) || t("incoming.unnamed"), (one) => taken.has(one.toLowerCase()));
    taken.add(name.toLowerCase());
    picked.push({ path: name, file });
  };
  files.forEach(add);
  const words = [text, url].filter((part, i, all) => part !== "" && !(i === 1 && all[0].includes(part))).join("\n");
  if (words !== "") {
    const name = `${cleanName(title).slice(0, 80) || t("incoming.text_name")}.txt`;
    add(new File([`${words}\n`], name, { type: "text/plain", lastModified: at }));
  }
  return { picked, unread: [] };
}

/**
 * Another program chose it: what no name can hold is left out.
 * @param {string} name
 */
function cleanName(name) {
  return name.normalize("NFC").replace(/[\s/\\\p{Cc}\p{Cs}\uFFFD]+/gu, " ").trim().replace(/^\.+$/u, "");
}
