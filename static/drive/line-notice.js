/**
 * Says in a tray that the server does not answer, since when, and that the work goes on by itself; with a button that asks it now.
 *
 * lineNotice() -> {element, draw}     hidden while the server answers; draw: now and then, and at every change
 * waitingTray(cancel) -> () => void   a tray of its own, while the server is waited for; the function ends it
 */
import { button, iconButton } from "../ui/button.js";
import { el } from "../ui/element.js";
import { say } from "../ui/say.js";
import { duration, t } from "../texts.js";
import { onLine, silentSince, tryNow } from "./line.js";
import { traysPlace } from "./trays.js";

export const lineWords = () => t(navigator.onLine ? "drive.line.server" : "drive.line.offline");

export function lineNotice() {
  const text = el("p", { class: "plain" });
  const element = el("div", { class: "tray-failed", hidden: true }, text, button(t("drive.line.now"), { kind: "soft", icon: "rotate-ccw", click: tryNow }));
  return {
    element,
    draw() {
      const since = silentSince();
      element.hidden = since === null;
      if (since === null) return;
      const words = t("drive.line.text", { time: duration(Math.max(1, Math.round((Date.now() - since) / 1000))) });
      if (text.textContent !== words) text.textContent = words;
    },
  };
}

/** @param {() => void} cancel  what waits */
export function waitingTray(cancel) {
  const title = el("b", {});
  const notice = lineNotice();
  const element = el(
    "section",
    { class: "tray", "aria-label": t("drive.tray.label"), hidden: true },
    el("div", { class: "t" }, title, el("span", { class: "tray-buttons" }, iconButton("x", t("drive.tray.cancel"), cancel))),
    notice.element,
  );
  traysPlace().append(element);
  const end = onLine(draw);
  const timer = setInterval(draw, 1000);
  draw();

  function draw() {
    const was = element.hidden;
    element.hidden = silentSince() === null;
    title.textContent = lineWords();
    notice.draw();
    if (was && !element.hidden) say(lineWords());
  }
  return () => {
    end();
    clearInterval(timer);
    element.remove();
  };
}
