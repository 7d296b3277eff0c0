/**
 * What was cut or copied in the drive, in this tab or another one of the same account: paths, not bytes. It is gone with the last tab. The system's clipboard gets the
 * names as text, and whoever copies something else in the meantime pastes that.
 *
 * @typedef {import("../source.js").Entry} Entry
 * @typedef {{entries: Entry[], cut: boolean, text: string}} Held
 */
import { ownName } from "../base.js";
import { later } from "../later.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts.js";
import { say } from "../ui/say.js";
import { pickedFromDrop } from "./picked.js";
import { nameOf } from "./place.js";

const MOST = 20_000; // entries

/** @type {Held | null} */
let held = null;
let writing = 0; // to the system's clipboard, which is behind until then
/** @type {Set<string>} */
let leaving = new Set();
/** @type {Set<() => void>} */
const listeners = new Set();
const account = () => document.body.dataset.account ?? "";

const channel = new BroadcastChannel(ownName("thorpe-clipboard"));
channel.addEventListener("message", ({ data }) => {
  if (data?.account !== account()) return;
  if (data.ask) {
    if (held) tell();
  } else take(heldFrom(data));
});
channel.postMessage({ account: account(), ask: true });

/** @param {Held | null} next */
function take(next) {
  held = next;
  leaving = new Set(next?.cut ? next.entries.map(({ path }) => path) : []);
  for (const listener of listeners) listener();
}

function tell() {
  channel.postMessage({ account: account(), cut: held?.cut, text: held?.text, entries: held?.entries.map(({ path, folder }) => ({ path, folder })) ?? [] });
}

/**
 * @param {{entries?: unknown, cut?: unknown, text?: unknown}} message
 * @returns {Held | null}
 */
function heldFrom({ entries, cut, text }) {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST) return null;
  return {
    cut: cut === true,
    text: String(text),
    entries: entries.map(({ path, folder }) => ({ path: String(path), name: nameOf(String(path)), folder: folder === true, size: 0, modified: null, type: "" })),
  };
}

/**
 * @param {Entry[]} entries
 * @param {{cut?: boolean}} [options]
 */
export async function hold(entries, { cut = false } = {}) {
  if (entries.length > MOST) {
    toast(t("drive.clipboard.many", { count: entries.length, most: MOST }), { kind: "problem" });
    return;
  }
  take({ entries, cut, text: entries.map(({ name }) => name).join("\n") });
  tell();
  say(t(cut ? "drive.clipboard.cut" : "drive.clipboard.copied", { count: entries.length }));
  writing++;
  try {
    const { copy } = await import("../ui/copy.js");
    await copy(held?.text ?? "");
  } finally {
    writing--;
  }
}

export const inClipboard = () => held;

/** Forgets what was cut or copied. */
function release() {
  take(null);
  tell();
}

/** What was cut stays where it is. */
export function letGo() {
  release();
  say(t("drive.clipboard.let_go"));
}

/** What of a list is about to go elsewhere, for files-pane.js. */
export const onItsWay = {
  /** @param {Entry} entry */
  has: ({ path }) => leaving.has(path),
  /** @param {() => void} listener @returns {() => void} */
  onChange(listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

/**
 * Takes what is pasted into the page, but not what is pasted into a field: files, or what was cut or copied here.
 * @param {{files: (picking: Promise<import("./picked.js").Picking>) => void, held: () => void}} to
 * @returns {() => void} ends it
 */
export function takesPastes(to) {
  /** @param {ClipboardEvent} event */
  function pasted(event) {
    const { target, clipboardData: data } = event;
    if (!data || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, [contenteditable]")) return;
    if (data.types.includes("Files")) {
      event.preventDefault();
      to.files(pickedFromDrop(data).then(named));
    } else if (held && (writing > 0 || (data.getData("text/plain").replaceAll("\r\n", "\n") || held.text) === held.text)) {
      event.preventDefault();
      to.held();
    }
  }
  addEventListener("paste", pasted);
  return () => removeEventListener("paste", pasted);
}

/**
 * A picture out of a program has no name of its own: browsers call each image.png. Nothing is asked about it, nor replaced.
 * @param {import("./picked.js").Picking} picking
 */
function named(picking) {
  for (const one of picking.picked) {
    if (!one.file || !/^image\.\w+$/u.test(one.path)) continue;
    picking.keep = true;
    const now = new Date();
    const [day, time] = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).split("T");
    one.path = `${t("drive.clipboard.picture", { time: `${day} ${time.replaceAll(":", ".")}` })}${one.path.slice("image".length)}`;
  }
  return picking;
}

/** @param {Pick<import("./drive-context.js").DriveContext, "drive" | "path" | "pane">} context */
export async function paste({ drive, path, pane }) {
  const clip = held;
  if (!clip || path === null) return;
  if (clip.cut) release();
  const { carry } = await later(() => import("./carrying.js"));
  const arrived = await carry(drive, clip.entries, path, { copy: !clip.cut });
  if (arrived.length > 0) pane.chooseAll(arrived);
}
