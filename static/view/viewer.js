/**
 * Looks at files without saving them: a dialog over the whole page, with the file before and the file after. It works over any Source, the drive or an opened link;
 * each kind of file has a module of its own, which is loaded when one is looked at.
 *
 * openViewer({source, entries, at, save, fault, trays?, addressOf?, signal?, editor?, editing?, changed?, stands?}) -> Promise<Entry>   the one that was looked at last, once the dialog is closed
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} Context  what a view gets
 * @property {import("../source.js").Source} source
 * @property {AbortSignal} signal  aborted when another file is looked at, or none
 * @property {(error: unknown) => string} fault  the sentence for what went wrong
 * @property {((entry: Entry) => string) | null} addressOf  where the browser itself can ask for the file, with ranges
 * @property {(error: unknown) => void} fail  says that what is shown broke
 * @property {(key: string) => void} press  a key that was pressed where the dialog does not hear it
 * @property {(() => void) | null} edit  has the file edited in place of the view, where it can be
 * @property {() => void} done  ends that
 * @property {(path: string) => void} changed  says that a file was written
 *
 * @typedef {object} Stands  how what is looked at stands in the browser's history
 * @property {import("./step-back.js").Way} way
 * @property {(entry: Entry, editing: boolean) => import("./step-back.js").Step} step
 * @property {() => import("./step-back.js").Step} [closed]  once nothing is looked at; needed where it may be alone
 *
 * @typedef {object} View  what it gives
 * @property {HTMLElement} element
 * @property {HTMLElement[]} [tools]  for the bar
 * @property {(event: KeyboardEvent) => boolean} [key]  asked first about each key without Ctrl, Alt or Meta, wherever the focus is: true where it was for the view
 * @property {() => void} [focus]  puts the focus where one goes on
 * @property {() => boolean} [unsaved]  whether something would be lost now
 * @property {() => Promise<boolean>} [leave]  asks about that: whether it may go
 * @property {() => void} [end]
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { needStyle } from "../ui/style.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { largestEdited, viewKind } from "./kinds.js";
import { stepBack } from "./step-back.js";
import { ViewError } from "./view-error.js";

/** @typedef {{view: (entry: Entry, context: Context) => Promise<View>}} ViewModule */

/** @type {Record<import("./kinds.js").ViewKind, () => Promise<ViewModule>>} */
const views = {
  image: () => import("./image.js"),
  video: () => import("./media.js"),
  audio: () => import("./media.js"),
  pdf: () => import("./pdf.js"),
  markdown: () => import("./markdown.js"),
  text: () => import("./text.js"),
};

/** Failures of a view that another try will not mend. */
const lasting = new Set(["not_that", "damaged", "too_large", "too_many_pixels", "binary", "needs_worker", "no_codec", "pdf_password", "no_pdf", "not_utf8"]);

/**
 * Whether there is a view for such files.
 * @param {Entry} entry
 */
export function canView(entry) {
  return viewKind(entry) !== null;
}

/** Resolves once the history is back where it was before the last dialog. */
let settled = Promise.resolve();

/**
 * @param {object} options
 * @param {import("../source.js").Source} options.source
 * @param {Entry[]} options.entries  that can be viewed, in the order in which they are shown
 * @param {number} options.at  the first that is looked at
 * @param {(entry: Entry) => void} options.save
 * @param {(error: unknown) => string} options.fault  the sentence for a failure of the source
 * @param {HTMLElement} [options.trays]  what shows running downloads: it is in the dialog as long as that is open
 * @param {(entry: Entry) => string} [options.addressOf]  where the browser itself can ask for a file, with ranges: only in the drive
 * @param {AbortSignal} [options.signal]  closes the dialog
 * @param {() => Promise<ViewModule>} [options.editor]  edits a text in place of its view: where files can be written
 * @param {boolean} [options.editing]  whether the first is edited at once
 * @param {(path: string) => void} [options.changed]  a file was written
 * @param {Stands} [options.stands]
 * @returns {Promise<Entry>}
 */
export async function openViewer({ source, entries, at, save, fault, trays, addressOf, signal: over, editor, editing = false, changed = () => {}, stands }) {
  await Promise.all([settled, needStyle("viewer.css")]);
  if (over?.aborted || document.querySelector("dialog.viewer")) return entries[at]; // the page has gone on, or this was a double click
  let turn = new AbortController();
  /** What is shown. @type {View | null} */
  let shown = null;
  let asking = false;
  let allowed = false; // it closes, whatever is unsaved

  const name = el("h2", { class: "cut", id: "viewer-name" });
  const facts = el("p", { class: "viewer-facts" });
  const tools = el("div", { class: "viewer-tools" });
  const before = iconButton("chevron-left", t("view.before"), () => void go(at - 1), "viewer-turn prev");
  const after = iconButton("chevron-right", t("view.after"), () => void go(at + 1), "viewer-turn next");
  const stage = el("div", { class: "viewer-stage", tabindex: "-1" });
  const dialog = el(
    "dialog",
    { class: "viewer", "aria-labelledby": "viewer-name" },
    el(
      "header",
      { class: "viewer-bar" },
      el("div", { class: "viewer-title" }, name, facts),
      tools,
      iconButton("download", t("view.save"), () => save(entries[at])),
      iconButton("x", t("view.close"), () => void close()),
    ),
    el("div", { class: "viewer-room" }, stage, entries.length > 1 && [before, after]),
  );

  const unsaved = () => shown?.unsaved?.() ?? false;

  /** @returns {Promise<boolean>} whether what is shown may go; asked where something would be lost */
  async function left() {
    if (!unsaved()) return true;
    if (asking) return false;
    asking = true;
    try {
      return (await shown?.leave?.()) ?? true;
    } finally {
      asking = false;
    }
  }

  /** @param {number} index */
  async function go(index) {
    if (index < 0 || index >= entries.length || !(await left())) return;
    at = index;
    void show();
  }

  async function close() {
    if (!(await left())) return;
    allowed = true;
    dialog.close();
  }

  function ended() {
    turn.abort();
    shown?.end?.();
    shown = null;
  }

  /** After editing: what lies there now. */
  async function done() {
    if (!(await left())) return;
    const entry = entries[at];
    if (!viewKind(entry)) return void close();
    const { signal } = turn;
    await lookedUp(entry, signal); // else the view says what is wrong
    if (!signal.aborted) void show();
  }

  /** @param {boolean} [edit] @param {boolean} [fresh] whether the entry was just looked up */
  async function show(edit = false, fresh = false) {
    ended();
    turn = new AbortController();
    const { signal } = turn;
    const entry = entries[at];
    editing = edit;
    step.mark();
    fill(name, el("bdi", { title: entry.name }, entry.name));
    fill(facts, [bytes(entry.size), entries.length > 1 && t("view.place", { at: at + 1, all: entries.length })].filter(Boolean).join(" · "));
    fill(tools);
    before.disabled = at === 0;
    after.disabled = at === entries.length - 1;
    fill(stage, el("div", { class: "viewer-wait", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), el("span", {}, t("view.loading"))));
    stage.focus({ preventScroll: true });
    try {
      const { view } = await (edit && editor ? editor() : views[/** @type {import("./kinds.js").ViewKind} */ (viewKind(entry))]());
      signal.throwIfAborted();
      /** @param {unknown} error */
      const fail = (error) => {
        if (signal.aborted) return;
        ended();
        failed(error);
      };
      const editable = editor && entry.size <= largestEdited;
      const made = await view(entry, {
        source, signal, fault: sentence, fail, addressOf: addressOf ?? null, press, changed, edit: editable ? () => void show(true) : null, done: () => void done(),
      });
      if (signal.aborted) return made.end?.();
      shown = made;
      fill(tools, made.tools ?? []);
      fill(stage, made.element);
      made.focus?.();
    } catch (error) {
      if (signal.aborted) return;
      const old = !fresh && source.stat && /** @type {{code?: string}} */ (error).code === "changed"; // since the list was read
      if (!old || !(await lookedUp(entry, signal))) return failed(error);
      if (!signal.aborted) void show(edit, true);
    }
  }

  /** @param {Entry} entry @param {AbortSignal} signal @returns {Promise<boolean>} whether it has the size and the ETag of what lies there now */
  async function lookedUp(entry, signal) {
    try {
      Object.assign(entry, await source.stat?.(entry.path, { signal }));
      return true;
    } catch {
      return false;
    }
  }

  /** @param {unknown} error */
  function sentence(error) {
    return error instanceof ViewError ? t(`view.fault.${error.code}`, error.values) : fault(error);
  }

  /** @param {unknown} error */
  function failed(error) {
    const again = error instanceof ViewError && lasting.has(error.code) ? null : button(t("view.again"), { kind: "soft", icon: "rotate-ccw", click: () => void show() });
    const download = button(t("view.save"), { kind: again ? "" : "soft", icon: "download", click: () => save(entries[at]) });
    fill(stage, el("div", { class: "viewer-fault", role: "alert" }, icon("eye-off"), el("p", {}, sentence(error)), el("div", { class: "actions" }, again, download)));
  }

  /** @param {string} key */
  function press(key) {
    if (key === "Escape") void close();
    if (key === "ArrowLeft" || key === "PageUp") void go(at - 1);
    if (key === "ArrowRight" || key === "PageDown") void go(at + 1);
  }

  /** @param {KeyboardEvent} event  heard wherever the focus is: what had it may have gone */
  const keys = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if ((event.target.closest("dialog") ?? dialog) !== dialog) return; // something is asked
    if (shown?.key?.(event)) return event.preventDefault();
    if (event.key === "Escape" && !unsaved()) return; // the browser answers it
    if (event.shiftKey || !["Escape", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
    if (event.key !== "Escape" && event.target.closest("video, audio, input, textarea")) return; // there they mean something else
    event.preventDefault();
    press(event.key);
  };
  document.addEventListener("keydown", keys);
  swipes(stage, (step) => void go(at + step));

  const placeOfTrays = document.createComment("");
  if (trays) {
    trays.replaceWith(placeOfTrays);
    dialog.append(trays);
  }
  const step = stepBack({
    close: () => dialog.close(),
    stays() {
      if (!unsaved()) return false;
      void close();
      return true;
    },
    step: () => stands?.step(entries[at], editing) ?? { state: null },
    way: stands?.way ?? "new",
    closed: () => stands?.closed?.() ?? { state: null },
  });
  const gone = () => {
    step.forget(); // the page goes elsewhere
    allowed = true;
    dialog.close();
  };
  over?.addEventListener("abort", gone);
  document.body.append(dialog);
  dialog.showModal();
  void show(editing);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      if (!allowed && unsaved()) { // by a gesture that asks nobody
        dialog.showModal();
        return void close();
      }
      over?.removeEventListener("abort", gone);
      ended();
      settled = step.end();
      document.removeEventListener("keydown", keys);
      if (trays) placeOfTrays.replaceWith(trays);
      dialog.remove();
      void settled.then(() => resolve(entries[at])); // going back may scroll
    });
  });
}

/**
 * A finger that goes sideways over an image turns to the next one.
 * @param {HTMLElement} stage
 * @param {(step: 1 | -1) => void} turn
 */
function swipes(stage, turn) {
  /** @type {{x: number, y: number} | null} */
  let from = null;
  stage.addEventListener("touchstart", ({ target, touches }) => {
    const over = target instanceof Element && target.closest(".view-picture:not(.zoomed)");
    from = over && touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
  }, { passive: true });
  stage.addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!from || (globalThis.visualViewport?.scale ?? 1) > 1) return;
    const x = touch.clientX - from.x;
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(touch.clientY - from.y)) turn(x < 0 ? 1 : -1);
    from = null;
  }, { passive: true });
}
