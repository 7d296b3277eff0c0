// Settings, on a phone: the pages for which its bar at the bottom has no room.
import { t } from "../texts.js";
import { el } from "./element.js";
import { icon } from "../icons.js";

/**
 * The same pages, in the same order, as the navigation has them.
 * @returns {HTMLElement}
 */
export function pagesSection() {
  const lines = [...document.querySelectorAll(".nav-item.wide:not([hidden])")].map((item) => {
    const picture = item.querySelector("svg")?.cloneNode(true);
    return el("li", {}, el("a", { class: "line", href: item.getAttribute("href") }, picture, el("div", { class: "what" }, item.textContent?.trim()), icon("chevron-right")));
  });
  return el("nav", { class: "section only-narrow", "aria-label": t("settings.pages") }, el("h2", {}, t("settings.pages")), el("ul", { class: "lines" }, lines));
}
