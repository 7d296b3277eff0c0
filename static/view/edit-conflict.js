/**
 * What becomes of an edited text whose file has changed underneath, or is gone: the other version is looked at, the own one is saved beside it or over it. Whatever is
 * chosen, neither version is lost: what is written over is kept by the server for a while.
 *
 * settleConflict({entry, source, put}) -> Promise<"replaced" | "beside" | "open">      open: still to be settled; throws what went wrong
 *
 * @typedef {import("../source.js").Entry} Entry
 */
import { ApiError } from "../api.js";
import { nameBeside } from "../drive/names.js";
import { readAll } from "../source.js";
import { fullDate, t } from "../texts.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";
import { toast } from "../ui/toast.js";

/** Bytes of the other version that are shown. */
const shown = 1024 * 1024;

/**
 * @param {object} options
 * @param {Entry} options.entry
 * @param {import("../source.js").Source} options.source  that can be written to
 * @param {(etag: string, path?: string) => Promise<unknown>} options.put  saves what is edited, over that version; "": where nothing is
 * @returns {Promise<"replaced" | "beside" | "open">}
 */
export async function settleConflict({ entry, source, put }) {
  for (;;) {
    const theirs = await present(entry, source);
    const way = await ask(entry.name, theirs);
    if (way === undefined) return "open";
    if (way === "look" && theirs) await look(theirs, source);
    if (way === "beside") return beside(entry, source, put);
    if (way !== "replace") continue;
    try {
      await put(theirs?.etag ?? "");
      return "replaced";
    } catch (error) {
      if (!changedAgain(error)) throw error; // else it is asked about the version that came meanwhile
    }
  }
}

/** @param {unknown} error */
const changedAgain = (error) => error instanceof ApiError && (error.code === "changed" || error.code === "exists");

/**
 * @param {Entry} entry
 * @param {import("../source.js").Source} source
 * @returns {Promise<Entry | null>} the version that is there now; null where there is none
 */
async function present(entry, source) {
  try {
    return (await source.stat?.(entry.path)) ?? null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/**
 * @param {string} name
 * @param {Entry | null} theirs
 * @returns {Promise<"look" | "beside" | "replace" | undefined>}
 */
async function ask(name, theirs) {
  /** @type {import("../ui/dialog.js").Dialog<"look" | "beside" | "replace">} */
  const dialog = openDialog({
    title: t(theirs ? "edit.conflict_title" : "edit.gone_title", { name }),
    class: "wide",
    content: el("p", { class: "sub" }, theirs ? t("edit.conflict_text", { when: fullDate(theirs.modified) }) : t("edit.gone_text")),
    actions: [
      button(t("edit.go_on"), { class: "left", click: () => dialog.close() }),
      theirs && !theirs.folder && button(t("edit.look"), { icon: "eye", click: () => dialog.close("look") }),
      !theirs?.folder && button(t(theirs ? "edit.replace" : "edit.again"), { kind: theirs ? "danger" : "primary", click: () => dialog.close("replace") }),
      theirs && button(t("edit.beside"), { kind: "primary", click: () => dialog.close("beside") }),
    ],
  });
  return dialog.closed;
}

/** @param {Entry} theirs @param {import("../source.js").Source} source */
async function look(theirs, source) {
  const size = Math.min(theirs.size, shown);
  const text = new TextDecoder().decode(await readAll(await source.read(theirs, { end: size }), size));
  const dialog = openDialog({
    title: t("edit.theirs", { when: fullDate(theirs.modified) }),
    class: "wide",
    content: el("pre", { class: "edit-theirs", tabindex: "0", translate: "no" }, text),
    actions: [button(t("ui.close"), { kind: "primary", click: () => dialog.close() })],
  });
  await dialog.closed;
}

/**
 * @param {Entry} entry
 * @param {import("../source.js").Source} source
 * @param {(etag: string, path?: string) => Promise<unknown>} put
 * @returns {Promise<"beside">}
 */
async function beside(entry, source, put) {
  const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf("/")));
  const taken = new Set((await source.list(folder)).map(({ name }) => name.normalize("NFC")));
  taken.add(entry.name.normalize("NFC"));
  for (;;) {
    const name = nameBeside(entry.name, (one) => taken.has(one.normalize("NFC")));
    try {
      await put("", folder === "" ? name : `${folder}/${name}`);
      toast(t("edit.saved_beside", { name }), { kind: "done" });
      return "beside";
    } catch (error) {
      if (!changedAgain(error)) throw error;
      taken.add(name.normalize("NFC")); // it came meanwhile, or is one that the list does not show
    }
  }
}
