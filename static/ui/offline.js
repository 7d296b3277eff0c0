// Says while the computer has no connection, and takes it back.
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { el, fill } from "./element.js";

/**
 * @param {Element} place whose first child the notice becomes
 */
export function watchConnection(place) {
  const notice = el("div", { class: "offline", role: "status" });
  place.prepend(notice);
  const show = () => fill(notice, navigator.onLine ? null : el("p", {}, icon("wifi-off"), t("shell.offline")));
  addEventListener("offline", show);
  addEventListener("online", show);
  show();
}
