/**
 * Edits a text of the drive in the viewer's room. It is written only over the version that was read (If-Match): where another has come, a dialog offers what to do, and neither is lost.
 *
 * view(entry, context) -> View       throws ViewError where it is no UTF-8 or too large
 */
import { ApiError } from "../api.js";
import { guardLeaving } from "../drive/leaving.js";
import { icon } from "../icons.js";
import { readAll } from "../source.js";
import { bytes as amount, t } from "../texts.js";
import { busy, button, isBusy } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { askToLeave } from "../ui/leave.js";
import { decoded, encoded } from "./edit-text.js";
import { largestEdited } from "./kinds.js";
import { settleConflict } from "./edit-conflict.js";
import { ViewError } from "./view-error.js";

/** @typedef {import("../source.js").Entry} Entry */

/**
 * @param {Entry} entry  gets the size and the ETag of what is saved
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, { source, signal, fault, done, changed }) {
  const { write, stat } = source;
  if (!write || !stat) throw new ViewError("not_that");
  Object.assign(entry, await stat(entry.path, { signal })); // a list is older than what it lists
  if (entry.size > largestEdited) throw new ViewError("too_large", { size: amount(largestEdited) });
  const { text, form } = decoded(await readAll(await source.read(entry, { signal }), entry.size));

  let saved = text;
  /** @type {(() => void) | null} */
  let unguard = null;
  const numbers = el("pre", { class: "edit-numbers", "aria-hidden": "true" });
  const area = el("textarea", {
    class: "edit-area", "aria-label": t("edit.label", { name: entry.name }), wrap: "off", spellcheck: "false", autocapitalize: "none", autocorrect: "off", translate: "no",
    input: told, scroll: () => { numbers.scrollTop = area.scrollTop; },
  });
  area.value = text;
  const state = el("span", { class: "viewer-page", role: "status" });
  const problem = el("div", { class: "edit-problem", role: "alert" });
  const saving = button(t("edit.save"), { kind: "soft", icon: "save", click: () => void save() });
  const unsaved = () => area.value !== saved;
  let lines = 0;

  /** What the bar says follows the text. */
  function told() {
    const now = area.value;
    const dirty = now !== saved;
    const count = now.split("\n").length;
    if (count !== lines) numbers.textContent = Array.from({ length: count }, (_, at) => at + 1).join("\n");
    lines = count;
    const words = dirty ? t("edit.unsaved") : "";
    if (words !== "" || state.textContent === t("edit.unsaved")) state.textContent = words;
    saving.disabled = !dirty;
    if (dirty) unguard ??= guardLeaving();
    else if (unguard) {
      unguard();
      unguard = null;
    }
  }

  /**
   * @param {string} etag of the version that it goes over; "" where there must be none
   * @param {string} path
   */
  async function put(etag, path = entry.path) {
    const content = area.value;
    const blob = new Blob([encoded(content, form)]);
    const answer = await /** @type {NonNullable<typeof write>} */ (write)(path, blob, etag === "" ? { create: true } : { etag });
    changed(path);
    if (path === entry.path) Object.assign(entry, { etag: answer.etag, size: blob.size, modified: new Date() });
    saved = content;
    told();
  }

  /**
   * @param {boolean} [leaving]  whether something else is shown afterwards anyhow
   * @returns {Promise<boolean>} whether what was edited is saved, here or beside
   */
  async function save(leaving = false) {
    if (isBusy(saving)) return false;
    if (!unsaved()) return true;
    fill(problem);
    try {
      await busy(saving, () => put(entry.etag ?? ""), t("edit.saving"));
      state.textContent = t("edit.saved");
      told();
      return true;
    } catch (error) {
      if (error instanceof ApiError && (error.code === "changed" || error.code === "exists")) return settle(leaving);
      failed(error);
      return false;
    }
  }

  /** @param {unknown} error */
  const failed = (error) => fill(problem, icon("circle-alert"), el("p", {}, t("edit.failed", { why: fault(error) })));

  /** @param {boolean} leaving */
  async function settle(leaving) {
    try {
      const way = await settleConflict({ entry, source, put });
      if (way === "beside" && !leaving) done(); // what is here is another's now
      if (way === "replaced") state.textContent = t("edit.saved");
      return way !== "open";
    } catch (error) {
      failed(error);
      return false;
    }
  }

  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (!document.querySelector("dialog.dlg[open]")) void save();
    }
  };
  document.addEventListener("keydown", keys);
  told();
  return {
    element: el("div", { class: "edit" }, form.mixed && el("p", { class: "edit-note" }, t("edit.mixed")), problem, el("div", { class: "edit-room" }, numbers, area)),
    tools: [state, saving, button(t("edit.done"), { click: () => done() })],
    focus: () => {
      area.focus({ preventScroll: true });
      area.setSelectionRange(0, 0);
      area.scrollTo(0, 0);
    },
    async leave() {
      if (!unsaved()) return true;
      const way = await askToLeave({ title: t("edit.leave_title", { name: entry.name }), text: t("edit.leave_text"), stay: t("edit.go_on"), save: t("edit.save") });
      return way === "discard" || (way === "save" && (await save(true)));
    },
    unsaved,
    end() {
      document.removeEventListener("keydown", keys);
      unguard?.();
    },
  };
}
