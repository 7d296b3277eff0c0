// The figures behind the chart of space, for whoever does not see it, or wants to take them along.
import { bytes, t, timeForm } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { stacked } from "./space-chart.js";

/** @typedef {import("./space-chart.js").Sample} Sample */
/** @typedef {import("./space-chart.js").Series} Series */

/** @type {Series[]} */
const columns = [...stacked, "free"];

/**
 * @param {Sample[]} samples oldest first; the table has the newest first
 * @returns {HTMLDetailsElement}
 */
export function spaceTable(samples) {
  const place = el("div", { class: "space-table", tabindex: "0", role: "region", "aria-label": t("server.space.table") });
  const table = el("details", {
    toggle() { // many rows, which most never look at
      if (table.open && place.childElementCount === 0) fill(place, tableOf(samples));
    },
  }, el("summary", {}, t("server.space.table")), place);
  return table;
}

/** @param {Sample[]} samples */
function tableOf(samples) {
  const time = timeForm({ dateStyle: "medium", timeStyle: "short" });
  return el("table", {},
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("server.space.time")), columns.map((name) => el("th", { scope: "col" }, t(`server.space.${name}`))))),
    el("tbody", {}, samples.toReversed().map((sample) => el("tr", {},
      el("th", { scope: "row" }, time.format(new Date(sample.at))), columns.map((name) => el("td", {}, bytes(sample[name])))))));
}
