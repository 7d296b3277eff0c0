// A section with a list that comes from the server: loading, empty, failed, and there.
import { sentence } from "./problem.js";
import { el, fill } from "./element.js";
import { skeleton } from "./empty.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { button } from "./button.js";

/**
 * @template T
 * @param {object} options
 * @param {string} options.label of the list, read aloud
 * @param {() => Promise<T[]>} options.load
 * @param {(item: T, reload: () => Promise<void>) => HTMLElement} options.line
 * @param {string} [options.none] what stands there for no items
 * @returns {{element: HTMLElement, reload: () => Promise<void>}} reload once to begin
 */
export function lines({ label, load, line, none }) {
  const element = el("div", {}, skeleton(2, t("settings.loading")));
  async function reload() {
    try {
      const items = await load();
      if (items.length === 0 && none) fill(element, el("p", { class: "quiet" }, none));
      else fill(element, el("ul", { class: "lines", "aria-label": label }, items.map((item) => line(item, reload))));
    } catch (err) {
      if (err instanceof DOMException && err.name === "AbortError") return;
      fill(element, failedNotice(err, reload));
    }
  }
  return { element, reload };
}

/**
 * Says what went wrong with something that was to be shown, and offers another try.
 * @param {unknown} error
 * @param {() => void} again
 */
export function failedNotice(error, again) {
  return el("div", { class: "notice bad", role: "alert" }, icon("circle-alert"), el("div", {}, el("p", {}, sentence(error)), button(t("shell.again"), { kind: "soft", click: again })));
}
