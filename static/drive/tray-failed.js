/**
 * What failed, at the foot of the tray of uploads: which file or how many, why, and what can be done about it.
 *
 * @typedef {import("./uploads.js").Uploads} Uploads
 * @typedef {import("./uploads.js").Upload} Upload
 * @typedef {{again: (lost: Upload[]) => void, elsewhere: (lost: Upload[]) => void}} Rescue  of uploads whose folder is gone
 */
import { api } from "../api.js";
import { button } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { bytes, t } from "../texts.js";
import { faultOf, mayHelp } from "./fault.js";
import { nameOf, parentOf } from "./place.js";

/** @param {Upload} upload */
export const isLost = ({ state, problem, path }) => state === "failed" && statusOf(problem) === 409 && parentOf(path) !== "";

/** @param {unknown} problem */
const statusOf = (problem) => /** @type {{status?: unknown}} */ (problem ?? {}).status;

/**
 * @param {Uploads} uploads
 * @param {Rescue} rescue
 * @returns {{element: HTMLElement, draw: (broken: number) => void}} broken: how many failed
 */
export function trayFailed(uploads, rescue) {
  /** The first failure that is told. @type {unknown} */
  let told = null;
  const element = el("div", { class: "tray-failed" });

  /** @param {number} broken */
  function draw(broken) {
    const first = broken > 0 ? uploads.shown(1)[0] : null;
    const problem = first?.problem ?? null;
    if (element.dataset.count === String(broken) && problem === told) return;
    element.dataset.count = String(broken);
    told = problem;
    element.hidden = broken === 0;
    fill(element);
    if (!first) return;
    const all = uploads.shown(broken);
    const lost = isLost(first);
    const why = el("span", {}, lost ? t("drive.lost.folder", { folder: nameOf(parentOf(first.path)) }) : faultOf(problem));
    element.classList.toggle("many", lost);
    fill(
      element,
      el("p", {}, t("drive.tray.failed", { count: broken, name: nameOf(first.path) }), " ", why),
      lost && button(t("drive.lost.again"), { kind: "soft", icon: "folder-plus", click: () => rescue.again(uploads.shown(broken).filter(isLost)) }),
      lost && button(t("drive.lost.elsewhere"), { kind: "soft", click: () => rescue.elsewhere(uploads.shown(broken).filter(isLost)) }),
      all.some((one) => !isLost(one) && mayHelp(one.problem)) && button(t("drive.tray.retry"), { kind: "soft", icon: "rotate-ccw", click: () => uploads.retry() }),
    );
    if (statusOf(problem) === 507) {
      const needed = all.reduce((sum, one) => sum + (statusOf(one.problem) === 507 ? one.file.size : 0), 0);
      void whyFull(needed).then((words) => words && (why.textContent = words), () => {}); // the general words stand there
    }
  }
  return { element, draw };
}

/**
 * Says what is full, by what is free now.
 * @param {number} needed  bytes
 * @returns {Promise<string>} empty where there seems to be room
 */
async function whyFull(needed) {
  /** @type {{free: number, used: number, quota: number | null}} */
  const { free, used, quota } = await api("GET", "/api/space");
  const left = quota === null ? Infinity : Math.max(0, quota - used);
  if (quota !== null && left < needed) return t("drive.full.quota", { needed: bytes(needed), free: bytes(left), quota: bytes(quota) });
  return free < needed ? t("drive.full.disk", { needed: bytes(needed), free: bytes(free) }) : "";
}
