/**
 * A download that this page makes itself (a zip, or sealed files): how far it is, a way to stop it, and what went wrong. The browser lists the file
 * among its own downloads as well.
 */
import { el, fill } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { progressBar } from "../ui/progress.js";
import { bytes, hasText, t } from "../texts.js";
import { download } from "../download.js";
import { faultOf } from "./fault.js";
import { guardLeaving } from "./leaving.js";
import { paceText } from "./pace-text.js";
import { rate } from "./rate.js";

/**
 * Saves entries, and shows it in a tray.
 * @param {HTMLElement} place where the tray is put
 * @param {import("../source.js").Source} source
 * @param {import("../source.js").Entry[]} entries
 * @param {{name: string, zipName?: string, fault?: (error: unknown) => string | null}} options name: said to the person
 * @returns {Promise<boolean>} whether it was saved whole
 */
export async function downloadInTray(place, source, entries, { name, zipName, fault = () => null }) {
  const title = el("b", { class: "cut" });
  const bar = progressBar(t("drive.download.progress", { name }));
  const amount = el("span", {});
  const speed = el("span", {});
  const problem = el("div", { class: "tray-failed", role: "alert" });
  const spoken = el("span", { class: "unseen", role: "status" });
  const stop = new AbortController();
  const close = iconButton("x", t("drive.download.cancel"), () => {
    stop.abort("cancel");
    element.remove();
  });
  const element = el("section", { class: "tray", "aria-label": t("drive.download.label") },
    el("div", { class: "t" }, title, close), bar.element, el("div", { class: "f" }, amount, speed), problem, spoken);
  title.textContent = spoken.textContent = t("drive.download.running", { name });
  bar.set(null);
  place.append(element);

  const pace = rate();
  let drawn = 0;
  const release = guardLeaving();
  try {
    await download(source, entries, {
      zipName,
      signal: stop.signal,
      onProgress({ done, total }) {
        const now = performance.now();
        pace.note(done);
        if (now - drawn < 150 && done < total) return;
        drawn = now;
        bar.set(total > 0 ? done / total : null);
        amount.textContent = t("drive.amount", { sent: bytes(done), all: bytes(total) });
        const fast = pace.speed();
        const left = pace.left(total);
        speed.textContent = paceText(fast, left);
      },
    });
    title.textContent = spoken.textContent = t("drive.download.done", { name });
    bar.element.hidden = true;
    speed.textContent = "";
    setTimeout(() => element.remove(), 8000);
    return true;
  } catch (error) {
    if (stop.signal.aborted) return false;
    title.textContent = t("drive.download.failed", { name });
    bar.element.hidden = true;
    speed.textContent = amount.textContent = "";
    const { code = "" } = /** @type {{code?: string}} */ (error ?? {});
    const words = fault(error) ?? (hasText(`drive.download.fault.${code}`) ? t(`drive.download.fault.${code}`) : faultOf(error));
    const again = button(t("drive.tray.retry"), {
      kind: "soft",
      icon: "rotate-ccw",
      click() {
        element.remove();
        void downloadInTray(place, source, entries, { name, zipName, fault });
      },
    });
    fill(problem, el("p", {}, words), code === "needs_worker" ? null : again);
    return false;
  } finally {
    release();
  }
}
