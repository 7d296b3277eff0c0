/**
 * The controls by which a person chooses how entries are shown: their order, and list or grid where there are both. Where there is no room for the list's head, all are
 * chosen here too.
 *
 * @typedef {import("./order.js").Order} Order
 */
import { el, fill } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { icon } from "../icons.js";
import { openMenu } from "../ui/menu.js";
import { t } from "../texts.js";
import { allColumns, turned } from "./order.js";

/**
 * @param {object} options
 * @param {() => Order} options.order
 * @param {(order: Order) => void} options.sort
 * @param {() => void} options.chooseAll
 * @param {readonly import("./order.js").Column[]} [options.columns]
 * @param {string} [options.time]  what the column of the time is called, if that is another than of the last change
 * @param {() => "list" | "grid"} [options.way]
 * @param {(way: "list" | "grid") => void} [options.show]  without it there is the list alone, whose head sorts where there is room
 */
export function viewSwitch({ order, sort, chooseAll, columns = allColumns, time, way = () => "list", show }) {
  const sorting = iconButton("arrow-up-down", t("drive.sort"), () => {
    const now = order();
    /** @type {(import("../ui/menu.js").MenuItem | null)[]} */
    const items = columns.map((by) => ({
      text: by === "modified" && time ? time : t(`drive.column.${by}`),
      icon: now.by !== by ? "" : now.down ? "arrow-down" : "arrow-up",
      act: () => sort(turned(now, by)),
    }));
    if (switching.offsetParent === null) { // there is no room for its button, nor for the list's head
      items.push(null);
      if (show) items.push({ text: other(), icon: otherIcon(), act: turn });
      items.push({ text: t("drive.choose_all"), icon: "square-check", act: chooseAll });
    }
    openMenu(sorting, items, t("drive.sort"));
  }, "sort-menu");
  sorting.setAttribute("aria-haspopup", "menu");
  const switching = iconButton("layout-grid", "", turn, "only-wide");
  const other = () => (way() === "grid" ? t("drive.as_list") : t("drive.as_grid"));
  const otherIcon = () => (way() === "grid" ? "list" : "layout-grid");
  function turn() {
    show?.(way() === "grid" ? "list" : "grid");
  }

  function draw() {
    if (switching.title === other()) return;
    fill(switching, icon(otherIcon()));
    switching.title = other();
    switching.setAttribute("aria-label", other());
  }
  draw();
  return { element: el("div", { class: show ? "view-switch" : "view-switch sort-only" }, sorting, show && switching), draw };
}
