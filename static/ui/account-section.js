// Settings: whose account this is, and how much it holds.
import { api } from "../api.js";
import { bytes, t } from "../texts.js";
import { el, fill } from "./element.js";

/**
 * @param {object} options
 * @param {string} options.name of the account
 * @param {boolean} options.operator whether it runs this server
 * @param {AbortSignal} options.signal
 * @returns {HTMLElement}
 */
export function accountSection({ name, operator, signal }) {
  const space = el("small", {}, "\u00a0");
  const bar = el("i", {});
  const meter = el("div", { class: "bar", "aria-hidden": "true", hidden: true }, bar);
  showSpace();
  return el("section", { class: "section" }, el("h2", {}, t("settings.account")),
    el("div", { class: "line account" },
      el("span", { class: "avatar", "aria-hidden": "true" }, [...name][0] ?? ""),
      el("div", { class: "what" }, el("b", { translate: "no" }, name), operator && el("span", { class: "pill" }, t("people.operator")), space, meter)));

  async function showSpace() {
    try {
      /** @type {{free: number, used: number, quota: number | null}} */
      const { free, used, quota } = await api("GET", "/api/space", undefined, { signal });
      fill(space, quota === null
        ? t("shell.space", { used: bytes(used), free: bytes(free) })
        : t("shell.space_of", { used: bytes(used), quota: bytes(quota) }));
      if (quota) {
        bar.style.width = `${Math.min(100, used / quota * 100)}%`;
        meter.hidden = false;
      }
    } catch {
      // no more than a help
    }
  }
}
