/**
 * A download that this page makes itself (a zip, or sealed files): how far it is, ways to pause and to stop it, and what went wrong. The browser lists the file
 * among its own downloads as well.
 *
 * downloadInTray(place, source, entries, options) -> Promise<boolean>     saves entries; whether they were saved whole
 * goOnInTray(place, source, orphan, options) -> Promise<boolean>          goes on with a download that lost its page (orphans() of download.js)
 * runInTray(place, name, run, options) -> Promise<boolean>                the same for what runs in another way: run(options of download()) -> Promise
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { say } from "../ui/say.js";
import { progressBar } from "../ui/progress.js";
import { icon } from "../icons.js";
import { bytes, hasText, t } from "../texts.js";
import { adopt, download } from "../download.js";
import { holder } from "../resume.js";
import { faultOf } from "./fault.js";
import { guardLeaving } from "./leaving.js";
import { paceText } from "./pace-text.js";
import { rate } from "./rate.js";

/** @typedef {(error: unknown) => string | null} Fault words for what went wrong, null: there are none but the usual ones */

/**
 * @param {HTMLElement} place where the tray is put
 * @param {import("../source.js").Source} source
 * @param {import("../source.js").Entry[]} entries
 * @param {{name: string, zipName?: string, tag?: string, fault?: Fault}} options name: said to the person; tag: the link's id, as for download()
 * @returns {Promise<boolean>}
 */
export const downloadInTray = (place, source, entries, { name, zipName, tag, fault }) =>
  runInTray(place, name, (options) => download(source, entries, { ...options, zipName, tag }), { fault });

/**
 * @param {HTMLElement} place
 * @param {import("../source.js").Source} source
 * @param {import("../download.js").Orphan} orphan
 * @param {{fault?: Fault}} options
 * @returns {Promise<boolean>}
 */
export const goOnInTray = (place, source, orphan, { fault }) =>
  runInTray(place, orphan.name, (options) => adopt(source, orphan, options), { fault, again: false });

/**
 * @param {HTMLElement} place
 * @param {string} name
 * @param {(options: import("../download.js").DownloadOptions) => Promise<string | void>} run may give a sentence to say at the end
 * @param {{fault?: Fault, again?: boolean, before?: () => Promise<unknown>}} [options] again: whether trying once more makes sense; before: done before it is tried
 *   again
 * @returns {Promise<boolean>}
 */
export async function runInTray(place, name, run, { fault = () => null, again = true, before = async () => {} } = {}) {
  const title = el("b", { class: "cut" });
  const bar = progressBar(t("drive.download.progress", { name }));
  const amount = el("span", {});
  const speed = el("span", {});
  const problem = el("div", { class: "tray-failed", role: "alert" });
  const stop = new AbortController();
  const hold = holder();
  const pace = rate();
  let line = "running";
  const pause = iconButton("pause", t("drive.tray.pause"), () => {
    if (hold.paused) hold.resume();
    else hold.pause();
    inState();
  });
  const close = iconButton("x", t("drive.download.cancel"), () => {
    stop.abort("cancel");
    element.remove();
  });
  const element = el("section", { class: "tray", "aria-label": t("drive.download.label") },
    el("div", { class: "t" }, title, el("span", { class: "tray-buttons" }, pause, close)), bar.element, el("div", { class: "f" }, amount, speed), problem);

  /** @param {string} words */
  function tell(words) {
    title.textContent = words;
    say(words);
  }

  function inState() {
    const { paused } = hold;
    const label = t(paused ? "drive.tray.resume" : "drive.tray.pause");
    pause.title = label;
    pause.setAttribute("aria-label", label);
    fill(pause, icon(paused ? "play" : "pause"));
    tell(t(`drive.download.${paused ? "paused" : line}`, { name }));
    pace.restart();
    speed.textContent = "";
  }

  inState();
  bar.set(null);
  place.append(element);
  let drawn = 0;
  const release = guardLeaving();
  try {
    const words = await run({
      signal: stop.signal,
      hold,
      onState(state) {
        line = state;
        if (!hold.paused) inState();
      },
      onProgress({ done, total }) {
        const now = performance.now();
        if (!hold.paused) pace.note(done);
        if (now - drawn < 150 && done < total) return;
        drawn = now;
        bar.set(total > 0 ? done / total : null);
        amount.textContent = t("drive.amount", { sent: bytes(done), all: bytes(total) });
        speed.textContent = hold.paused ? "" : paceText(pace.speed(), pace.left(total));
      },
    });
    tell(t("drive.download.done", { name }));
    bar.element.hidden = true;
    pause.hidden = true;
    speed.textContent = "";
    if (words) fill(problem, el("p", { class: "plain" }, words));
    else setTimeout(() => element.remove(), 8000);
    return true;
  } catch (error) {
    if (stop.signal.aborted) return false;
    tell(t("drive.download.failed", { name }));
    bar.element.hidden = true;
    pause.hidden = true;
    speed.textContent = amount.textContent = "";
    const { code = "" } = /** @type {{code?: string}} */ (error ?? {});
    const words = fault(error) ?? (hasText(`drive.download.fault.${code}`) ? t(`drive.download.fault.${code}`) : faultOf(error));
    const retry = button(t("drive.tray.retry"), {
      kind: "soft",
      icon: "rotate-ccw",
      click() {
        element.remove();
        void before().then(() => runInTray(place, name, run, { fault, before }));
      },
    });
    fill(problem, el("p", {}, words), code === "needs_worker" || !again ? null : retry);
    return false;
  } finally {
    release();
  }
}
