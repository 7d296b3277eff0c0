/**
 * What a person says about a link: title, note, password, how long it opens, and how often. Before it is made, and when it is changed.
 *
 * @typedef {object} ShareChoice
 * @property {string} title
 * @property {string} note
 * @property {string} password  "" for none
 * @property {number | null} lifetime  milliseconds from when it is published, null for ever
 * @property {boolean} keepsExpiry  the date stays that the link has; only where `date` was given
 * @property {number | null} maxVisits
 */
import { el, fill, freshID } from "../ui/element.js";
import { t } from "../texts.js";
import { sharePassword } from "./share-password.js";

const HOUR = 3_600_000;
/** @type {[name: string, milliseconds: number | null][]} */
const lives = [
  ["hour", HOUR],
  ["day", 24 * HOUR],
  ["week", 7 * 24 * HOUR],
  ["month", 30 * 24 * HOUR],
  ["never", null],
];

/**
 * @param {object} given what stands in it at first
 * @param {string} given.title
 * @param {string} [given.note]
 * @param {string} [given.password]
 * @param {number | null} [given.maxVisits]
 * @param {string} [given.date]  in words, the date that a link has: it may stay
 * @param {boolean} [given.revive]  the date that a link has is over
 * @param {boolean} [given.words]  false: without title and note
 * @param {boolean} [given.locks]  false: without a password
 * @param {(password: string) => void} [given.onPassword]  on each change of the password
 * @returns {{element: HTMLElement, choice: () => ShareChoice | null, faultInPassword: (words: string) => void}} choice: null while something must be mended, which is then said
 */
export function shareForm({ title, note: text = "", password: secret = "", maxVisits = null, date, revive = false, words = true, locks = true, onPassword }) {
  const titleField = el("input", { id: freshID("title"), class: "input", type: "text", maxlength: 200, autocomplete: "off", placeholder: t("share.title.placeholder") });
  titleField.value = [...title.toWellFormed()].slice(0, 200).join("");
  const note = el("textarea", { id: freshID("note"), class: "input", maxlength: 4000, rows: 2 });
  note.value = text;
  const chosen = date === undefined || revive ? "month" : "kept";
  const life = el("select", { id: freshID("life"), class: "input" },
    date === undefined ? null : el("option", { value: "kept", selected: chosen === "kept" }, date),
    lives.map(([name]) => el("option", { value: name, selected: name === chosen }, t(`share.expires.${name}`))));
  const limit = el("input", {
    id: freshID("limit"),
    class: "input",
    type: "number",
    min: 1,
    max: 1_000_000,
    step: 1,
    inputmode: "numeric",
    autocomplete: "off",
    placeholder: t("share.limit.none"),
  });
  const limitFault = el("p", { class: "problem", role: "alert" });
  limit.value = maxVisits === null ? "" : String(maxVisits);
  const password = sharePassword(secret, onPassword);

  limit.addEventListener("input", () => {
    fill(limitFault);
    limit.removeAttribute("aria-invalid");
  });

  /**
   * @param {string} label
   * @param {HTMLElement} control
   * @param {...HTMLElement} more
   */
  const field = (label, control, ...more) => el("div", { class: "field" }, el("label", { for: control.id }, label), control, ...more);

  return {
    element: el(
      "div",
      { class: "share-form" },
      words ? [field(t("share.title"), titleField), field(t("share.note"), note)] : null,
      el("div", { class: "two" }, field(t("share.expires"), life), field(t("share.limit"), limit, limitFault)),
      locks ? password.element : null,
    ),
    choice() {
      const visits = limit.value === "" && !limit.validity.badInput ? null : limit.valueAsNumber;
      if (visits !== null && !(Number.isInteger(visits) && visits >= 1 && visits <= 1_000_000)) {
        fill(limitFault, t("share.limit.fault"));
        limit.setAttribute("aria-invalid", "true");
        limit.focus();
        return null;
      }
      return {
        title: titleField.value.trim(),
        note: note.value.trim(),
        password: password.value(),
        keepsExpiry: life.value === "kept",
        lifetime: lives.find(([name]) => name === life.value)?.[1] ?? null,
        maxVisits: visits,
      };
    },
    faultInPassword: password.fault,
  };
}
