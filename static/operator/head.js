// The top of the operator's pages: what they have in common, and the ways between them.
import { at } from "../base.js";
import { t } from "../texts.js";
import { el } from "../ui/element.js";

/**
 * @param {"overview" | "links" | "reports"} present
 * @returns {HTMLElement[]}
 */
export function operatorHead(present) {
  /** @type {[typeof present, string, string][]} */
  const parts = [
    ["overview", at("/operator"), t("server.part.overview")],
    ["links", at("/operator/links"), t("operator.title")],
    ["reports", at("/operator/reports"), t("server.part.reports")],
  ];
  return [
    el("div", { class: "head" }, el("h1", {}, t("server.title"))),
    el("nav", { class: "parts", "aria-label": t("server.parts") }, parts.map(([name, href, text]) =>
      el("a", { href, "aria-current": name === present ? "page" : null }, text))),
  ];
}
