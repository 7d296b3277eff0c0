/**
 * The second part of connecting: what to know first, and the steps, each with what has to be typed beside a button that copies it.
 */
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { copyButton } from "../ui/copy.js";
import { el } from "../ui/element.js";
import { guideFor } from "./steps.js";

/**
 * @param {import("./system.js").System} system
 * @param {import("./steps.js").Drive} drive
 * @returns {HTMLElement}
 */
export function stepsSection(system, drive) {
  const { limits, steps, others } = guideFor(system, drive);
  const plain = plainNotice(system, drive.address);
  return el("section", { class: "section" },
    el("h2", {}, t("connect.second")),
    plain && el("div", { class: "notice warn" }, icon("triangle-alert"), el("p", {}, plain)),
    limits.length > 0 && el("div", { class: "connect-limits" }, el("h3", {}, t("connect.limits")), el("ul", {}, limits.map((limit) => el("li", {}, limit)))),
    el("ol", { class: "connect-steps" }, steps.map((step) => el("li", {}, content(step)))),
    others.length > 0 && el("div", { class: "connect-others" }, el("h3", {}, t("connect.others")), others.map((step) => el("div", {}, content(step)))));
}

/** @param {import("./steps.js").Step} step */
function content({ text, values = [], command }) {
  return [
    el("p", {}, text),
    ...values.map(([label, value]) => el("div", { class: "pair" }, el("span", { class: "label" }, label), copied(value))),
    command !== undefined && copied(command, "connect-command"),
  ];
}

/** @param {string} value @param {string} [kind] */
function copied(value, kind = "") {
  return el("div", { class: `value ${kind}`.trim() }, el("span", { translate: "no" }, value), copyButton(() => value));
}

/**
 * What plain http means: on the way to another machine everybody reads the password, and Windows sends none at all.
 * @param {import("./system.js").System} system
 * @param {string} address
 * @returns {string} "" where there is nothing to say
 */
function plainNotice(system, address) {
  const { protocol, hostname } = new URL(address);
  if (protocol === "https:") return "";
  if (system === "windows") return t("connect.plain_windows");
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname) ? "" : t("connect.plain");
}
