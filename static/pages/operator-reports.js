// /operator/reports: what people have said of links that they opened. A report does nothing by itself.
import { api } from "../api.js";
import { at } from "../base.js";
import { reportList } from "../drive/report-list.js";
import { operatorHead } from "../operator/head.js";
import { navigate } from "../router.js";
import { setTitle } from "../shell.js";
import { t } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { failedNotice } from "../ui/lines.js";

export const style = "operator.css";

/** @type {import("../router.js").Show} */
export function show(main) {
  setTitle(t("operator.reports"));
  const gone = new AbortController();
  const list = el("div", {}, skeleton(3, t("settings.loading")));

  async function read() {
    try {
      /** @type {{reports: import("../drive/report-list.js").Report[]}} */
      const { reports } = await api("GET", "/api/operator/reports", undefined, { signal: gone.signal });
      if (reports.length === 0) fill(list, emptyState({ icon: "circle-check", title: t("operator.no_reports"), text: t("operator.no_reports_what"), low: true }));
      else fill(list, reportList(reports, { find: (id) => navigate(at(`/operator/links?find=${encodeURIComponent(id)}`)), dismissed: () => void read() }));
    } catch (error) {
      if (gone.signal.aborted) return;
      fill(list, failedNotice(error, () => void read()));
    }
  }

  fill(main, operatorHead("reports"), el("section", { class: "section" }, el("h2", {}, t("operator.reports")), el("p", {}, t("operator.reports_what")), list));
  void read();
  return () => gone.abort();
}
