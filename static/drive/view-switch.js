/**
 * The two controls by which a person chooses how entries are shown: their order, and list or grid.
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
 * @param {() => "list" | "grid"} options.way
 * @param {(way: "list" | "grid") => void} options.show
 */
export function viewSwitch({ order, sort, way, show }) {
  const sorting = iconButton("arrow-up-down", t("drive.sort"), () => {
    const now = order();
    /** @type {(import("../ui/menu.js").MenuItem | null)[]} */
    const items = allColumns.map((by) => ({
      text: t(`drive.column.${by}`),
      icon: now.by !== by ? "" : now.down ? "arrow-down" : "arrow-up",
      act: () => sort(turned(now, by)),
    }));
    if (switching.offsetParent === null) items.push(null, { text: other(), icon: otherIcon(), act: turn }); // there is no room for its button
    openMenu(sorting, items, t("drive.sort"));
  }, "sort-menu");
  sorting.setAttribute("aria-haspopup", "menu");
  const switching = iconButton("layout-grid", "", turn, "only-wide");
  const other = () => (way() === "grid" ? t("drive.as_list") : t("drive.as_grid"));
  const otherIcon = () => (way() === "grid" ? "list" : "layout-grid");
  function turn() {
    show(way() === "grid" ? "list" : "grid");
  }

  function draw() {
    if (switching.title === other()) return;
    fill(switching, icon(otherIcon()));
    switching.title = other();
    switching.setAttribute("aria-label", other());
  }
  draw();
  return { element: el("div", { class: "view-switch" }, sorting, switching), draw };
}
