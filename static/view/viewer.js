/**
 * Looks at files without saving them: a dialog over the whole page, with the file before and the file after. It works over any Source, the drive or an opened link;
 * each kind of file has a module of its own, which is loaded when one is looked at.
 *
 * openViewer({source, entries, at, save, fault, trays?, addressOf?, signal?}) -> Promise<Entry>      the one that was looked at last, once the dialog is closed
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
 *
 * @typedef {object} View  what it gives
 * @property {HTMLElement} element
 * @property {HTMLElement[]} [tools]  for the bar
 * @property {(event: KeyboardEvent) => boolean} [key]  asked first about each key without Ctrl, Alt or Meta, wherever the focus is: true where it was for the view
 * @property {() => void} [end]
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { viewKind } from "./kinds.js";
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
const lasting = new Set(["not_that", "damaged", "too_large", "too_many_pixels", "binary", "needs_worker", "no_codec", "pdf_password"]);

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
 * @returns {Promise<Entry>}
 */
export async function openViewer({ source, entries, at, save, fault, trays, addressOf, signal: over }) {
  await settled;
  if (over?.aborted || document.querySelector("dialog.viewer")) return entries[at]; // the page has gone on, or this was a double click
  let turn = new AbortController();
  let end = () => {};
  /** @type {NonNullable<View["key"]>} */
  let keyOfView = () => false;

  const name = el("h2", { class: "cut", id: "viewer-name" });
  const facts = el("p", { class: "viewer-facts" });
  const tools = el("div", { class: "viewer-tools" });
  const before = iconButton("chevron-left", t("view.before"), () => go(at - 1), "viewer-turn prev");
  const after = iconButton("chevron-right", t("view.after"), () => go(at + 1), "viewer-turn next");
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
      iconButton("x", t("view.close"), () => dialog.close()),
    ),
    el("div", { class: "viewer-room" }, stage, entries.length > 1 && [before, after]),
  );

  /** @param {number} index */
  function go(index) {
    if (index < 0 || index >= entries.length) return;
    at = index;
    void show();
  }

  async function show() {
    turn.abort();
    turn = new AbortController();
    const { signal } = turn;
    end();
    end = () => {};
    keyOfView = () => false;
    const entry = entries[at];
    fill(name, el("bdi", { title: entry.name }, entry.name));
    fill(facts, [bytes(entry.size), entries.length > 1 && t("view.place", { at: at + 1, all: entries.length })].filter(Boolean).join(" · "));
    fill(tools);
    before.disabled = at === 0;
    after.disabled = at === entries.length - 1;
    fill(stage, el("div", { class: "viewer-wait", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), el("span", {}, t("view.loading"))));
    stage.focus({ preventScroll: true });
    try {
      const { view } = await views[/** @type {import("./kinds.js").ViewKind} */ (viewKind(entry))]();
      signal.throwIfAborted();
      /** @param {unknown} error */
      const fail = (error) => {
        if (signal.aborted) return;
        turn.abort();
        end();
        end = () => {};
        failed(error);
      };
      const made = await view(entry, { source, signal, fault: sentence, fail, addressOf: addressOf ?? null, press });
      if (signal.aborted) return made.end?.();
      end = made.end ?? end;
      keyOfView = made.key ?? keyOfView;
      fill(tools, made.tools ?? []);
      fill(stage, made.element);
    } catch (error) {
      if (!signal.aborted) failed(error);
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
    if (key === "Escape") dialog.close();
    if (key === "ArrowLeft" || key === "PageUp") go(at - 1);
    if (key === "ArrowRight" || key === "PageDown") go(at + 1);
  }

  /** @param {KeyboardEvent} event  heard wherever the focus is: what had it may have gone */
  const keys = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    if (keyOfView(event)) return event.preventDefault();
    if (event.shiftKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return; // the browser answers Escape
    if (event.target.closest("video, audio, input")) return; // there they mean something else
    event.preventDefault();
    press(event.key);
  };
  document.addEventListener("keydown", keys);
  swipes(stage, (step) => go(at + step));

  const placeOfTrays = document.createComment("");
  if (trays) {
    trays.replaceWith(placeOfTrays);
    dialog.append(trays);
  }
  const step = stepBack(() => dialog.close());
  const close = () => {
    step.forget(); // the page goes elsewhere
    dialog.close();
  };
  over?.addEventListener("abort", close);
  document.body.append(dialog);
  dialog.showModal();
  void show();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      over?.removeEventListener("abort", close);
      settled = step.end();
      document.removeEventListener("keydown", keys);
      turn.abort();
      end();
      if (trays) placeOfTrays.replaceWith(trays);
      dialog.remove();
      void settled.then(() => resolve(entries[at])); // going back may scroll
    });
  });
}

/**
 * Has the browser's way back, on a phone a button or a gesture, do what a person expects of it: close the dialog, and stay on the page.
 *
 * @param {() => void} close
 * @returns {{end: () => Promise<void>, forget: () => void}} end: the dialog is closed; forget: and the history is another's
 */
function stepBack(close) {
  let stands = true; // our entry is the present one
  let arrived = () => {};
  const back = () => {
    removeEventListener("popstate", back);
    stands = false;
    arrived();
    close();
  };
  addEventListener("popstate", back);
  history.pushState(null, "");
  return {
    end() {
      if (!stands) return Promise.resolve();
      return new Promise((resolve) => {
        arrived = resolve;
        history.back();
        setTimeout(resolve, 5000); // lest nothing could be looked at any more
      });
    },
    forget() {
      stands = false;
      removeEventListener("popstate", back);
    },
  };
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
