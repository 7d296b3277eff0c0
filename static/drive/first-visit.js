// What an empty drive shows: the ways in.
import { at } from "../base.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { el } from "../ui/element.js";

/**
 * @param {object} ways
 * @param {() => void} ways.upload  opens the browser's dialog for files
 * @param {() => void} ways.share  likewise, to make a link of them
 * @returns {HTMLElement}
 */
export function firstVisit({ upload, share }) {
  return el("div", { class: "void first" }, el("div", {},
    icon("cloud-upload"), el("h2", {}, t("drive.empty")), el("p", {}, t("drive.first")),
    el("div", { class: "ways" },
      el("button", { type: "button", class: "way", click: upload }, ...words("upload", t("drive.upload_files"), t("drive.first.upload"))),
      el("a", { class: "way", href: at("/connect") }, ...words("hard-drive", t("connect.title"), t("drive.first.connect"))),
      el("button", { type: "button", class: "way", click: share }, ...words("link", t("drive.first.share"), t("drive.first.share.text"))))));
}

/** @param {string} name @param {string} title @param {string} text */
function words(name, title, text) {
  return [icon(name), el("span", {}, el("b", {}, title), el("small", {}, text))];
}
