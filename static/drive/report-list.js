/**
 * What people have reported, a group for each link, for the operator.
 *
 * @typedef {{id: number, link: string, at: string, text: string, state: "open" | "expired" | "used_up" | "paused" | "removed"}} Report  a row of GET /api/operator/reports
 */
import { api } from "../api.js";
import { icon } from "../icons.js";
import { fullDate, relative, t } from "../texts.js";
import { busy, button } from "../ui/button.js";
import { el } from "../ui/element.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";

/**
 * @param {Report[]} reports newest first
 * @param {{find: (id: string) => void, dismissed: () => void}} hooks find: shows the link of this id
 * @returns {HTMLElement}
 */
export function reportList(reports, { find, dismissed }) {
  /** @type {Map<string, Report[]>} */
  const byLink = new Map();
  for (const report of reports) byLink.set(report.link, [...(byLink.get(report.link) ?? []), report]);
  return el("ul", { class: "lines every-link", "aria-label": t("operator.reports") }, [...byLink.values()].map((group) => groupLine(group, find, dismissed)));
}

/**
 * @param {Report[]} group of one link
 * @param {(id: string) => void} find
 * @param {() => void} dismissed
 */
function groupLine(group, find, dismissed) {
  const { link, state } = group[0];
  const dismiss = button(t("operator.dismiss"), {
    click: () => busy(dismiss, async () => {
      try {
        // One by one, those that are seen here: what was reported meanwhile stays.
        for (const { id } of group) await api("DELETE", `/api/operator/reports/${id}`).catch(ignoreGone);
      } catch (error) {
        toast(sentence(error), { kind: "problem" });
      }
      dismissed();
    }),
  });
  return el("li", { class: "line", "data-id": link },
    icon("circle-alert"),
    el("div", { class: "what" },
      el("span", { class: "line-title" }, el("b", {}, t("operator.reported", { count: group.length })),
        state !== "open" && el("span", { class: state === "removed" ? "pill bad" : "pill off" }, t(`links.state.${state}`))),
      el("small", { class: "mono", translate: "no" }, link),
      group.map((report) => el("div", {}, el("small", { title: fullDate(report.at) }, relative(report.at)), el("p", { class: "operator-words", dir: "auto" }, report.text)))),
    el("span", { class: "report-buttons" }, button(t("operator.show"), { click: () => find(link) }), dismiss));
}

/** @param {unknown} error */
function ignoreGone(error) {
  if (/** @type {{code?: string}} */ (error).code !== "not_found") throw error; // somebody was quicker
}
