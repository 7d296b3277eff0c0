// What failed within the last day: how often, and the last ones, by which they are found in the log.
import { api } from "../api.js";
import { icon } from "../icons.js";
import { date, fullDate, hasText, number, t } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { card } from "./card.js";
import { follow } from "./follow.js";

/**
 * @typedef {object} Failure  a row of GET /api/operator/failures
 * @property {string} at
 * @property {string} code
 * @property {string} what in the log's words, English
 * @property {string} request
 * @property {string} door
 * @property {string} method
 * @property {number | null} status
 * @property {string} cause English
 */

const EVERY = 15_000; // milliseconds

/**
 * @param {{signal: AbortSignal}} options
 * @returns {HTMLElement}
 */
export function failuresCard({ signal }) {
  const whole = card(t("server.failures"));
  let before = "";
  const again = follow({
    /** @returns {Promise<{counts: Record<string, number>, failures: Failure[]}>} */
    load: () => api("GET", "/api/operator/failures", undefined, { signal }),
    show({ counts, failures }) {
      whole.fine();
      const now = JSON.stringify([counts, failures]);
      if (now === before) return; // what somebody reads or marks stays
      before = now;
      const open = whole.body.querySelector("details")?.open ?? false;
      const kinds = Object.entries(counts).sort(([, a], [, b]) => b - a);
      if (kinds.length === 0) {
        fill(whole.body, el("p", { class: "all-well" }, icon("circle-check"), t("server.failures.none")));
        return;
      }
      fill(whole.body,
        el("ul", { class: "kinds" }, kinds.map(([code, count]) => el("li", {}, el("b", { class: "nums" }, `${number(count)} ×`), ` ${kindOf(code)}`))),
        el("details", { open }, el("summary", {}, t("server.failures.last", { count: failures.length })),
          el("p", { class: "quiet" }, t("server.failures.what")),
          el("ol", { class: "lines failures", "aria-label": t("server.failures") }, failures.map(failureRow))));
    },
    failed: (error) => whole.failed(error, () => again()),
    every: EVERY,
    signal,
  });
  return whole.element;
}

/** @param {string} code */
function kindOf(code) {
  return hasText(`server.failure.${code}`) ? t(`server.failure.${code}`) : code;
}

/** @param {Failure} failure */
function failureRow({ at, code, what, request, door, method, status, cause }) {
  const asked = [method, door, status === null ? "" : String(status)].filter(Boolean).join(" ");
  return el("li", { class: "line" }, el("div", { class: "what" },
    el("span", { class: "line-title" }, el("b", {}, kindOf(code)), el("time", { class: "quiet nums", datetime: at, title: fullDate(at) }, date(at))),
    el("small", { lang: "en" }, [what, cause].filter(Boolean).join(": ")),
    (asked || request) && el("small", { class: "mono", translate: "no" }, [asked, request].filter(Boolean).join(" · "))));
}
