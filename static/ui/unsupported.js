// What to say where a browser, or the way it reached the server, lacks what the pages are made of.
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { el } from "./element.js";

/**
 * @returns {HTMLElement | null} the sentence to show in place of a page that needs encryption, null where everything is there
 */
export function unsupported() {
  let name = "";
  if (!globalThis.isSecureContext) name = "unsupported.insecure";
  else if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !globalThis.ReadableStream || !String.prototype.isWellFormed) name = "unsupported.old";
  if (!name) return null;
  return el("div", { class: "notice warn", role: "alert" }, icon("shield"), el("div", {},
    el("p", {}, t(name)), name === "unsupported.insecure" && el("p", {}, t("unsupported.insecure_do"))));
}
