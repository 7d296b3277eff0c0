/**
 * The tray at the foot of the page: how far the uploads are, with pause, cancel and retry. Start from uploadTray; it draws at most five times a
 * second, whatever happens, and at most LINES files.
 *
 * @typedef {import("./uploads.js").Uploads} Uploads
 * @typedef {import("./uploads.js").Upload} Upload
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { say } from "../ui/say.js";
import { progressBar } from "../ui/progress.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { faultOf, mayHelp } from "./fault.js";
import { paceText } from "./pace-text.js";
import { silentSince } from "./line.js";
import { lineNotice, lineWords } from "./line-notice.js";
import { nameOf } from "./place.js";
import { rate } from "./rate.js";
import { trayLine } from "./tray-line.js";

const LINES = 40;

/**
 * @param {Uploads} uploads
 * @returns {{element: HTMLElement, draw: () => void}} draw: to be called after every change
 */
export function uploadTray(uploads) {
  let open = false;
  let timer = 0;
  let said = "";
  /** The first failure that is told. @type {unknown} */
  let told = null;
  const pace = rate();

  const title = el("b", {});
  const bar = progressBar(t("drive.tray.progress"));
  const amount = el("span", {});
  const speed = el("span", {});
  const lines = el("ul", { class: "tray-lines" });
  const buttons = el("span", { class: "tray-buttons" });
  const notice = lineNotice();
  const failed = el("div", { class: "tray-failed" });
  const element = el(
    "section",
    { class: "tray", "aria-label": t("drive.tray.label"), hidden: true },
    el("div", { class: "t" }, title, buttons),
    bar.element,
    el("div", { class: "f" }, amount, speed),
    notice.element,
    failed,
    lines,
  );

  const pause = iconButton("pause", t("drive.tray.pause"), () => (uploads.paused ? uploads.resume() : uploads.pause()));
  const more = iconButton("chevron-up", t("drive.tray.details"), () => {
    open = !open;
    drawNow();
  });
  const cancel = iconButton("x", t("drive.tray.cancel"), () => {
    if (uploads.busy) uploads.cancelAll();
    else uploads.clear();
  });
  fill(buttons, pause, more, cancel);

  /**
   * @param {HTMLButtonElement} target
   * @param {string} name
   * @param {string} label
   */
  function face(target, name, label) {
    if (target.title === label) return;
    target.title = label;
    target.setAttribute("aria-label", label);
    fill(target, icon(name));
  }

  function drawNow() {
    timer = 0;
    const { count, bytes: all, done, failed: broken, sent, canceled } = uploads.total;
    element.hidden = count === 0;
    if (count === 0) {
      pace.restart();
      said = "";
      return;
    }
    const { busy, paused } = uploads;
    const silent = busy && !paused && silentSince() !== null;
    const words = paused && busy
      ? t("drive.tray.paused", { count: count - done - broken })
      : busy
        ? uploads.ending ? t("drive.tray.canceling") : silent ? lineWords() : t("drive.tray.uploading", { count })
        : broken > 0
          ? t("drive.tray.incomplete", { count: broken })
          : canceled > 0 ? t("drive.tray.canceled", { done, all: count + canceled }) : t("drive.tray.done", { count: done });
    title.textContent = words;
    if (words !== said) say((said = words));

    bar.element.hidden = !busy;
    bar.set(all > 0 ? sent / all : done / count);
    notice.draw();
    if (busy && !paused && !silent) pace.note(sent);
    else pace.restart();
    const fast = pace.speed();
    const left = pace.left(all);
    amount.textContent = busy ? t("drive.amount", { sent: bytes(sent), all: bytes(all) }) : bytes(sent);
    speed.textContent = busy && !paused && !silent ? paceText(fast, left) : "";

    pause.hidden = !busy || uploads.ending;
    cancel.hidden = uploads.ending;
    face(pause, paused ? "play" : "pause", t(paused ? "drive.tray.resume" : "drive.tray.pause"));
    face(cancel, "x", t(busy ? "drive.tray.cancel" : "drive.tray.close"));
    more.hidden = !busy && broken === 0;
    face(more, open ? "chevron-down" : "chevron-up", t(open ? "drive.tray.fewer" : "drive.tray.details"));
    more.setAttribute("aria-expanded", String(open));
    drawFailed(broken);
    lines.hidden = !open || more.hidden;
    if (lines.hidden) fill(lines);
    else drawLines();
    if (busy) draw(); // speed and time left go on even while nothing arrives
  }

  /** @param {number} broken */
  function drawFailed(broken) {
    const first = broken > 0 ? uploads.shown(1)[0] : null;
    const problem = first?.problem ?? null;
    if (failed.dataset.count === String(broken) && problem === told) return;
    failed.dataset.count = String(broken);
    told = problem;
    failed.hidden = broken === 0;
    fill(failed);
    if (!first) return;
    fill(
      failed,
      el("p", {}, t("drive.tray.failed", { count: broken, name: nameOf(first.path) }), " ", faultOf(problem)),
      uploads.shown(broken).some((one) => mayHelp(one.problem)) && button(t("drive.tray.retry"), { kind: "soft", icon: "rotate-ccw", click: () => uploads.retry() }),
    );
  }

  /** @type {Map<Upload, {element: HTMLElement, draw: () => void}>} */
  let drawn = new Map();

  function drawLines() {
    const shown = uploads.shown(LINES);
    const next = new Map(shown.map((upload) => [upload, drawn.get(upload) ?? trayLine(uploads, upload)]));
    const same = shown.length === drawn.size && [...drawn.keys()].every((upload, i) => upload === shown[i]);
    drawn = next;
    if (!same || lines.childElementCount !== shown.length) fill(lines, ...[...next.values()].map(({ element }) => element));
    for (const { draw } of next.values()) draw();
  }

  function draw() {
    timer ||= window.setTimeout(drawNow, 200);
  }
  return { element, draw };
}
