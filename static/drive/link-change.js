/**
 * Changing a link: date, limit, title, note and password, the content stays. And making a new link of the same files, for one that came into wrong hands.
 *
 * changeLink(row, note, account) -> Promise<boolean>     whether anything was changed; an expired link lives again with a new date
 * renewLink(row, note, account) -> Promise<boolean>
 *
 * @typedef {import("../links.js").LinkAnswer} LinkAnswer
 * @typedef {import("../links.js").OwnNote} OwnNote
 * @typedef {import("../links.js").Manifest} Manifest
 * @typedef {import("./share-form.js").ShareChoice} ShareChoice
 */
import { el, fill } from "../ui/element.js";
import { button, busy, isBusy } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { skeleton } from "../ui/empty.js";
import { asksFirst, typedIn } from "../ui/leave.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";
import { icon } from "../icons.js";
import { ApiError } from "../api.js";
import { changeTerms, expiresIn, noteReader, readLinks, readOwn, renew, reseal } from "../links.js";
import { passwordBytes } from "../sealed.js";
import { fullDate, t } from "../texts.js";
import { untilOf } from "./link-row.js";
import { shareForm } from "./share-form.js";
import { shareResult } from "./share-result.js";

const KEPT = 7 * 24 * 3_600_000; // milliseconds, how long the server keeps what has expired

/**
 * @param {LinkAnswer} row
 * @param {OwnNote | null} note null: it does not open; then only what the server knows can be changed
 * @param {import("../links.js").Account} account
 * @returns {Promise<boolean>}
 */
export async function changeLink(row, note, account) {
  /** @type {Manifest | null} */
  let manifest = null;
  let some = false;
  const over = row.expires !== null && new Date(row.expires).getTime() <= Date.now();

  let typed = () => false;
  const guard = asksFirst(leaveWords("change"), () => typed());
  /** @type {import("../ui/dialog.js").Dialog<string>} */
  const dialog = openDialog({
    title: t(over ? "links.revive.title" : "links.change.title"),
    content: el("div", {}, skeleton(3, t("links.change.reading"))),
    keep: guard.keep,
    leave: () => void guard.leave(dialog),
  });
  const place = /** @type {HTMLElement} */ (dialog.element.querySelector(".dlg-body > div"));
  let unread = note ? "" : t("links.change.unread");
  if (note) {
    try {
      manifest = await readOwn(row, note);
    } catch (error) {
      unread = faultOf(error);
    }
  }

  // What stood in the form at first: what a person did not touch is not saved, but left to whoever changed it meanwhile.
  const first = { title: manifest?.title.trim() ?? "", note: manifest?.note.trim() ?? "", password: note?.password ?? "", maxVisits: row.max_visits };
  const warning = el("div", { role: "status" });
  const fault = el("div", { role: "alert" });
  const save = button(t(over ? "links.revive" : "links.change.save"), { kind: "primary", type: "submit" });
  const form = shareForm({
    ...first,
    date: t("links.change.as_is", { until: untilOf(row) }),
    revive: over,
    words: manifest !== null,
    locks: manifest !== null,
    onPassword: warn,
  });

  /** @param {string} password */
  function warn(password) {
    const before = note?.password ?? "";
    const what = password === "" ? "removed" : before === "" ? "added" : "changed";
    fill(warning, password === before ? null : notice(t(`links.change.password_${what}`), "triangle-alert", "warn"));
  }

  fill(
    place,
    el(
      "form",
      {
        novalidate: true,
        async submit(/** @type {SubmitEvent} */ event) {
          event.preventDefault();
          if (isBusy(save)) return;
          const choice = checked(form);
          if (!choice) return;
          fill(fault);
          try {
            dialog.close(await busy(save, () => send(choice), t("links.change.saving")));
          } catch (error) {
            fill(fault, notice(await explain(error)));
          }
        },
      },
      over && row.expires ? notice(t("links.revive.until", { when: fullDate(new Date(new Date(row.expires).getTime() + KEPT)) }), "clock", "") : null,
      unread ? notice(unread) : null,
      form.element,
      warning,
      fault,
      el("div", { class: "end" }, button(t("ui.cancel"), { click: () => void guard.leave(dialog) }), save),
    ),
  );
  typed = typedIn(place);
  /** @type {HTMLElement | null} */ (place.querySelector("input, select"))?.focus();

  const link = await dialog.closed;
  if (link === undefined) return some;
  if (link === "") toast(t("links.changed"), { kind: "done" });
  else await show(t("links.change.new_text"), link, row, form.choice());
  return true;

  /**
   * @param {ShareChoice} choice
   * @returns {Promise<string>} the link's new text, "" where it is the old one
   */
  async function send(choice) {
    const { lifetime, keepsExpiry, maxVisits } = choice;
    const terms = { ...(!keepsExpiry && { expires: expiresIn(lifetime) }), ...(maxVisits !== first.maxVisits && { max_visits: maxVisits }) };
    if (Object.keys(terms).length > 0) {
      row = await changeTerms(row.id, terms);
      some = true;
    }
    if (!manifest || !note) return "";
    const words = {
      title: choice.title === first.title ? manifest.title : choice.title,
      note: choice.note === first.note ? manifest.note : choice.note,
      password: choice.password === first.password ? note.password : choice.password,
    };
    if (words.title === manifest.title && words.note === manifest.note && words.password === note.password) return "";
    row = await reseal(account, row, note, manifest, words);
    const { link: now } = await noteReader(account)(row);
    return now === note.link ? "" : now;
  }

  /**
   * What went wrong, in words. Where another device was first, its change is read, and what stands in the form stays.
   * @param {unknown} error
   */
  async function explain(error) {
    if (!(error instanceof ApiError && error.code === "link_changed")) return faultOf(error);
    try {
      const now = (await readLinks()).find(({ id }) => id === row.id);
      if (!now) return t("links.change.gone");
      row = now;
      note = await noteReader(account)(now);
      manifest = await readOwn(now, note);
      some = true;
      return t("links.change.conflict");
    } catch (again) {
      return faultOf(again);
    }
  }
}

/**
 * @param {LinkAnswer} row
 * @param {OwnNote} note
 * @param {import("../links.js").Account} account
 * @returns {Promise<boolean>}
 */
export async function renewLink(row, note, account) {
  const over = row.expires !== null && new Date(row.expires).getTime() <= Date.now();
  const form = shareForm({
    title: "", password: note.password, maxVisits: row.max_visits, date: over ? undefined : t("links.change.as_is", { until: untilOf(row) }), words: false,
  });
  const fault = el("div", { role: "alert" });
  const make = button(t("links.renew.make"), { kind: "primary", icon: "refresh-cw", type: "submit" });
  /** @type {ShareChoice | null} */
  let choice = null;
  const guard = asksFirst(leaveWords("renew"), typedIn(form.element));
  /** @type {import("../ui/dialog.js").Dialog<{link: string, expires: Date | null}>} */
  const dialog = openDialog({
    title: t("links.renew.title"),
    keep: guard.keep,
    leave: () => void guard.leave(dialog),
    content: el(
      "form",
      {
        novalidate: true,
        async submit(/** @type {SubmitEvent} */ event) {
          event.preventDefault();
          if (isBusy(make)) return;
          const asked = checked(form);
          if (!asked) return;
          choice = asked;
          fill(fault);
          try {
            dialog.close(await busy(make, async () => renew(account, row, await readOwn(row, note), asked), t("links.change.saving")));
          } catch (error) {
            fill(fault, notice(faultOf(error)));
          }
        },
      },
      el("p", { class: "sub" }, t("links.renew.undoes")),
      el("p", { class: "sub" }, t("links.renew.undoes_not")),
      form.element,
      fault,
      el("div", { class: "end" }, button(t("ui.cancel"), { click: () => void guard.leave(dialog) }), make),
    ),
  });
  const made = await dialog.closed;
  if (!made) return false;
  await show(t("share.ready"), made.link, { ...row, expires: made.expires?.toISOString() ?? null }, choice);
  return true;
}

/** @param {"change" | "renew"} what */
const leaveWords = (what) => ({ title: t(`links.${what}.leave`), text: t("links.leave_text"), stay: t("share.go_on") });

/**
 * The choice, if the password can be one.
 * @param {ReturnType<typeof shareForm>} form
 * @returns {ShareChoice | null}
 */
function checked(form) {
  const choice = form.choice();
  if (!choice?.password) return choice;
  try {
    passwordBytes(choice.password);
    return choice;
  } catch (error) {
    form.faultInPassword(t(`share.password.fault.${/** @type {{code: string}} */ (error).code}`));
    return null;
  }
}

/**
 * Shows a link that has another text than before.
 *
 * @param {string} title
 * @param {string} link
 * @param {LinkAnswer} row
 * @param {ShareChoice | null} choice
 */
async function show(title, link, row, choice) {
  const { title: name = "", password = "", maxVisits = row.max_visits } = choice ?? {};
  const expires = row.expires === null ? null : new Date(row.expires);
  const made = { link, renamed: [], left: [], expires, choice: { title: name, note: "", password, lifetime: null, keepsExpiry: true, maxVisits } };
  const dialog = openDialog({ title, content: shareResult(made, () => dialog.close()) });
  await dialog.closed;
}

/**
 * @param {string} words
 * @param {string} [image]
 * @param {string} [kind]
 */
function notice(words, image = "circle-alert", kind = "bad") {
  return el("div", { class: `notice ${kind}`.trim() }, icon(image), el("p", {}, words));
}

/** @param {unknown} error */
function faultOf(error) {
  if (error instanceof ApiError) {
    if (error.code === "not_found" || error.code === "gone") return t("links.change.gone");
    return sentence(error);
  }
  const code = /** @type {{code?: unknown}} */ (error ?? {}).code;
  if (code === "older_manifest") return t("links.change.older");
  if (code === "text_too_long" || code === "manifest_too_long") return t("share.fault.text_too_long");
  return typeof code === "string" ? t("links.change.unread") : sentence(error);
}
