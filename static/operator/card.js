// A part of the operator's overview: a heading, and what comes from the server below it, or why it does not come.
import { t } from "../texts.js";
import { el, fill, freshID } from "../ui/element.js";
import { skeleton } from "../ui/empty.js";
import { failedNotice } from "../ui/lines.js";

/**
 * @typedef {object} Card
 * @property {HTMLElement} element
 * @property {HTMLElement} body grey rows, until it is filled
 * @property {() => void} fine an answer has come: no more word of what failed
 * @property {(error: unknown, again: () => void) => void} failed says so above what was shown before
 */

/**
 * @param {string} title
 * @param {{class?: string, beside?: HTMLElement, rows?: number}} [options] beside: at the end of the heading's line; rows: grey ones while it loads
 * @returns {Card}
 */
export function card(title, { class: className = "", beside, rows = 2 } = {}) {
  const id = freshID("card");
  const trouble = el("div", {});
  const body = el("div", {}, skeleton(rows, t("settings.loading")));
  let came = false;
  return {
    element: el("section", { class: `card ${className}`.trim(), "aria-labelledby": id }, el("div", { class: "card-head" }, el("h2", { id }, title), beside), trouble, body),
    body,
    fine() {
      came = true;
      fill(trouble);
      body.hidden = false;
    },
    failed(error, again) {
      body.hidden = !came;
      fill(trouble, failedNotice(error, again));
    },
  };
}
