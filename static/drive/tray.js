/**
 * The tray at the foot of the page: how far the uploads are, with pause, cancel and retry. Start from uploadTray; it draws at most five times a
 * second, whatever happens, and at most LINES files.
 *
 * @typedef {import("./uploads.js").Uploads} Uploads
 * @typedef {import("./uploads.js").Upload} Upload
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { confirm } from "../ui/confirm.js";
import { say } from "../ui/say.js";
import { progressBar } from "../ui/progress.js";
import { bytes, t } from "../texts.js";
import { paceText } from "./pace-text.js";
import { silentSince } from "./line.js";
import { lineNotice, lineWords } from "./line-notice.js";
import { rate } from "./rate.js";
import { trayFailed } from "./tray-failed.js";
import { face, trayLine } from "./tray-line.js";

const LINES = 40;
const MUCH = 8 << 20; // bytes

/**
 * @param {Uploads} uploads
 * @param {import("./tray-failed.js").Rescue} rescue
 * @returns {{element: HTMLElement, draw: () => void}} draw: to be called after every change
 */
export function uploadTray(uploads, rescue) {
  let open = false;
  let timer = 0;
  let said = "";
  const pace = rate();

  const title = el("b", {});
  const bar = progressBar(t("drive.tray.progress"));
  const amount = el("span", {});
  const speed = el("span", {});
  const lines = el("ul", { class: "tray-lines" });
  const buttons = el("span", { class: "tray-buttons" });
  const notice = lineNotice();
  const stopping = el("div", { class: "tray-failed", hidden: true }, button(t("drive.tray.stop"), { kind: "soft", click: () => uploads.stopNow() }));
  const failed = trayFailed(uploads, rescue);
  const element = el(
    "section",
    { class: "tray", "aria-label": t("drive.tray.label"), hidden: true },
    el("div", { class: "t" }, title, buttons),
    bar.element,
    el("div", { class: "f" }, amount, speed),
    notice.element,
    stopping,
    failed.element,
    lines,
  );

  const pause = iconButton("pause", t("drive.tray.pause"), () => (uploads.still ? uploads.resume() : uploads.pause()));
  const more = iconButton("chevron-up", t("drive.tray.details"), () => {
    open = !open;
    drawNow();
  });
  const cancel = iconButton("x", t("drive.tray.cancel"), () => {
    if (uploads.busy) void cancelAll();
    else uploads.clear();
  });
  fill(buttons, pause, more, cancel);

  /** Asks first where much would have to be chosen and sent again. */
  async function cancelAll() {
    const { count, done, failed: broken, bytes: all, sent } = uploads.total;
    const [files, size] = [count - done - broken, all - sent];
    const sure = (files <= 1 && size <= MUCH) || await confirm({
      title: t("drive.tray.cancel.title"), text: t("drive.tray.cancel.text", { count: files, size: bytes(size) }),
      action: t("drive.tray.cancel"), stay: t("drive.tray.cancel.stay"), danger: true,
    });
    if (sure && uploads.busy) uploads.cancelAll();
  }

  function drawNow() {
    timer = 0;
    const { count, bytes: all, done, failed: broken, sent, canceled } = uploads.total;
    element.hidden = count === 0 && !(uploads.cutOff && canceled > 0); // of what was cut off, some may have arrived
    if (element.hidden) {
      pace.restart();
      said = "";
      return;
    }
    const { busy, still: paused } = uploads;
    const silent = busy && !paused && silentSince() !== null;
    const words = paused && busy
      ? t("drive.tray.paused", { count: count - done - broken })
      : busy
        ? uploads.ending ? t("drive.tray.canceling") : silent ? lineWords() : t("drive.tray.uploading", { count })
        : broken > 0
          ? t("drive.tray.incomplete", { count: broken })
          : canceled > 0 ? t(uploads.cutOff ? "drive.tray.stopped" : "drive.tray.canceled", { done, all: count + canceled }) : t("drive.tray.done", { count: done });
    title.textContent = words;
    if (words !== said) say((said = words));

    bar.element.hidden = !busy;
    bar.set(all > 0 ? sent / all : done / Math.max(1, count));
    notice.draw();
    stopping.hidden = !uploads.ending;
    if (busy && !paused && !silent) pace.note(sent);
    else pace.restart();
    const fast = pace.speed();
    const left = pace.left(all);
    amount.textContent = busy ? t("drive.amount", { sent: bytes(sent), all: bytes(all) }) : bytes(sent);
    speed.textContent = busy && !paused && !silent ? paceText(fast, left) : "";

    pause.hidden = !busy || uploads.ending;
    face(pause, paused ? "play" : "pause", t(paused ? "drive.tray.resume" : "drive.tray.pause"));
    cancel.hidden = uploads.ending;
    face(cancel, "x", t(busy ? "drive.tray.cancel" : "drive.tray.close"));
    more.hidden = !busy && broken === 0;
    face(more, open ? "chevron-down" : "chevron-up", t(open ? "drive.tray.fewer" : "drive.tray.details"));
    more.setAttribute("aria-expanded", String(open));
    failed.draw(broken);
    lines.hidden = !open || more.hidden;
    if (lines.hidden) fill(lines);
    else drawLines();
    if (busy) draw(); // speed and time left go on even while nothing arrives
  }

  /** @type {Map<Upload, {element: HTMLElement, draw: () => void}>} */
  let drawn = new Map();

  function drawLines() {
    const shown = uploads.shown(LINES);
    const next = new Map(shown.map((upload) => [upload, drawn.get(upload) ?? trayLine(uploads, upload)]));
    const same = shown.length === drawn.size && [...drawn.keys()].every((upload, i) => upload === shown[i]);
    drawn = next;
    if (!same || lines.childElementCount !== shown.length) {
      const at = document.activeElement;
      fill(lines, ...[...next.values()].map(({ element }) => element));
      if (at instanceof HTMLElement && at !== document.activeElement && lines.contains(at)) at.focus();
    }
    for (const { draw } of next.values()) draw();
  }

  function draw() {
    timer ||= window.setTimeout(drawNow, 200);
  }
  return { element, draw };
}
