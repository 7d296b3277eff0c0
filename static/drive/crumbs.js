/**
 * The way from the drive's root to the folder that is shown. A long way is cut in its middle: the root, and the last folders. Where there is little room, the folder and the one
 * above it.
 */
import { el } from "../ui/element.js";
import { icon } from "../icons.js";
import { harmless, t } from "../texts.js";
import { addressOf, parentOf } from "./place.js";

const LAST = 3; // folders that are always named

/**
 * @param {string} path
 * @returns {HTMLElement}
 */
export function crumbs(path) {
  const parts = path === "" ? [] : path.split("/");
  const steps = [{ name: t("drive.root"), path: "" }, ...parts.map((name, i) => ({ name, path: parts.slice(0, i + 1).join("/") }))];
  const here = /** @type {{name: string, path: string}} */ (steps.pop());
  const cutAt = steps.length > LAST + 1 ? steps.length - LAST : 0;
  const shown = cutAt ? [steps[0], ...steps.slice(cutAt)] : steps;
  return el(
    "nav",
    { class: "crumbs", "aria-label": t("drive.crumbs") },
    path === "" ? null : el("a", { class: "crumb-up", href: addressOf(parentOf(path)), "aria-label": t("drive.up"), title: t("drive.up") }, icon("arrow-left")),
    shown.length > 1 && el("span", { class: "crumb-rest", "aria-hidden": "true" }, "… /"),
    shown.flatMap((step, i) => {
      const far = i < shown.length - 1 ? "far" : null;
      return [
        el("a", { class: far, href: addressOf(step.path), "data-drop": step.path, title: step.name }, el("bdi", {}, harmless(step.name))),
        el("span", { class: far, "aria-hidden": "true" }, cutAt && i === 0 ? "/ … /" : "/"),
      ];
    }),
    el("b", { "aria-current": "page", title: here.name }, el("bdi", {}, harmless(here.name))),
  );
}
