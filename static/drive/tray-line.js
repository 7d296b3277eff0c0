/**
 * One file in the tray of uploads: its bar, how far and how fast it is, and what can be done with it.
 *
 * @typedef {import("./uploads.js").Uploads} Uploads
 * @typedef {import("./uploads.js").Upload} Upload
 */
import { el, fill } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { progressBar } from "../ui/progress.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { faultOf, mayHelp } from "./fault.js";
import { nameOf } from "./place.js";
import { paceText } from "./pace-text.js";
import { rate } from "./rate.js";
import { resumes } from "./transfer.js";

/**
 * @param {Uploads} uploads
 * @param {Upload} upload
 * @returns {{element: HTMLElement, draw: () => void}}
 */
export function trayLine(uploads, upload) {
  const name = nameOf(upload.path);
  const pace = rate();
  const state = el("small", {});
  const bar = progressBar(t("drive.tray.progress_of", { name }));
  const again = iconButton("rotate-ccw", t("drive.tray.retry_one", { name }), () => uploads.retry(upload));
  // What cannot go on where it was is not paused by itself: it would begin anew.
  const pause = resumes(upload.file) && iconButton("pause", t("drive.tray.pause_one", { name }), () => (upload.state === "paused" ? uploads.resumeOne(upload) : uploads.pauseOne(upload)));
  const element = el(
    "li",
    {},
    el("div", { class: "cut" }, el("bdi", { title: upload.path }, name), state, bar.element),
    el("span", { class: "tray-buttons" }, again, pause, iconButton("x", t("drive.tray.cancel_one", { name }), () => uploads.cancel(upload))),
  );

  function words() {
    const { size } = upload.file;
    if (upload.state === "failed") return faultOf(upload.problem);
    if (upload.state === "paused") return t("drive.tray.held", { sent: bytes(upload.sent), all: bytes(size) });
    if (upload.state !== "running" || upload.sent === 0) return t("drive.tray.waiting", { size: bytes(size) });
    return [t("drive.amount", { sent: bytes(upload.sent), all: bytes(size) }), paceText(pace.speed(), pace.left(size))].filter(Boolean).join(" · ");
  }

  return {
    element,
    draw() {
      const running = upload.state === "running";
      if (running) pace.note(upload.sent);
      else pace.restart();
      element.classList.toggle("failed", upload.state === "failed");
      if (pause) {
        const held = upload.state === "paused";
        pause.hidden = upload.state === "failed" || uploads.paused;
        face(pause, held ? "play" : "pause", t(held ? "drive.tray.resume_one" : "drive.tray.pause_one", { name }));
      }
      again.hidden = upload.state !== "failed" || !mayHelp(upload.problem);
      bar.element.hidden = !running && upload.sent === 0;
      bar.set(upload.file.size > 0 ? upload.sent / upload.file.size : 0);
      const now = words();
      if (state.textContent !== now) state.textContent = now;
    },
  };
}

/**
 * Gives a button of the tray another icon and name.
 * @param {HTMLButtonElement} target
 * @param {string} name
 * @param {string} label
 */
export function face(target, name, label) {
  if (target.title === label) return;
  target.title = label;
  target.setAttribute("aria-label", label);
  fill(target, icon(name));
}
