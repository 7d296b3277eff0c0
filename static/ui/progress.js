// A progress bar that is also read aloud.
import { el } from "./element.js";

/**
 * @param {string} label what is progressing
 * @returns {{element: HTMLElement, set: (fraction: number | null) => void}} set takes 0 to 1, or null while no one knows
 */
export function progressBar(label) {
  const fillBar = el("i");
  const element = el("div", { class: "bar waiting", role: "progressbar", "aria-label": label, "aria-valuemin": "0", "aria-valuemax": "100" }, fillBar);
  return {
    element,
    set(fraction) {
      element.classList.toggle("waiting", fraction === null);
      if (fraction === null) {
        element.removeAttribute("aria-valuenow");
        fillBar.style.removeProperty("width");
        return;
      }
      const percent = Math.max(0, Math.min(100, fraction * 100));
      element.setAttribute("aria-valuenow", String(Math.floor(percent)));
      fillBar.style.setProperty("width", `${percent}%`);
    },
  };
}
