// Settings: how the web drive becomes an app of this device.
import { presentSystem } from "../connect/system.js";
import { INSTALLABLE, installer } from "../install.js";
import { t } from "../texts.js";
import { button } from "./button.js";
import { el, fill } from "./element.js";

/**
 * @param {AbortSignal} signal  ends it
 * @returns {HTMLElement | null} null where it is one, or cannot be one
 */
export function installSection(signal) {
  if (!globalThis.isSecureContext || matchMedia("(display-mode: standalone)").matches) return null;
  const way = el("div", {});
  function draw() {
    const install = installer();
    const system = presentSystem();
    fill(way, install
      ? button(t("settings.install_do"), { kind: "soft", icon: "download", click: () => void install() })
      : el("p", { class: "quiet" }, t(system === "ios" || system === "mac" ? `settings.install_${system}` : "settings.install_other")));
  }
  addEventListener(INSTALLABLE, draw, { signal });
  draw();
  return el("section", { class: "section" }, el("h2", {}, t("settings.install")), el("p", {}, t("settings.install_what")), way);
}
