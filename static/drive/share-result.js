/**
 * A link that is ready: the link itself to be copied, what was chosen for it, a QR code, and the names that had to change.
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { copyButton } from "../ui/copy.js";
import { icon } from "../icons.js";
import { fullDate, relative, number, t } from "../texts.js";
import { qrCode } from "./qr-code.js";

/**
 * @param {object} made
 * @param {string} made.link
 * @param {{from: string, to: string}[]} made.renamed
 * @param {string[]} made.left  paths that could not be read, and are not in the link
 * @param {Date | null} made.expires  the date that was published
 * @param {{title: string, password: string, maxVisits: number | null}} made.choice
 * @param {() => void} done
 * @returns {HTMLElement}
 */
export function shareResult({ link, renamed, left, expires, choice }, done) {
  const copy = copyButton(() => link, { kind: "primary", label: t("share.copy") });
  const code = el("div", { class: "qr", hidden: true });
  const showCode = button(t("share.qr"), {
    icon: "qr-code",
    click() {
      code.hidden = !code.hidden;
      if (!code.hidden && !code.firstChild) fill(code, qrCode(link));
      showCode.setAttribute("aria-expanded", String(!code.hidden));
    },
  });
  return el(
    "div",
    { class: "share-result" },
    el("span", { class: "badge" }, icon("lock"), t("share.sealed_here")),
    el("div", { class: "value" }, linkText(link), copy),
    waysOn(link, choice.title, showCode),
    code,
    el(
      "div",
      { class: "opts" },
      line("share.expires", expires ? relative(expires) : t("share.expires.never"), expires ? fullDate(expires) : ""),
      line("share.password", t(choice.password ? "share.password.set" : "share.password.not_set")),
      line("share.limit", choice.maxVisits === null ? t("share.limit.none") : number(choice.maxVisits)),
    ),
    choice.password ? el("p", { class: "quiet" }, t("share.password.tell")) : null,
    renamed.length > 0
      ? details(t("share.renamed", { count: renamed.length }), renamed.map(({ from, to }) => [from, to]))
      : null,
    left.length > 0 ? details(t("share.left_out", { count: left.length }), left.map((path) => [path])) : null,
    el("div", { class: "end" }, button(t("share.done"), { click: done })),
  );
}

/**
 * The ways to pass a link on: the device's own sheet where it has one, a mail, a message, a code to be photographed. The password goes with none of them.
 *
 * @param {string} link
 * @param {string} title  "" for none
 * @param {HTMLElement} showCode
 */
function waysOn(link, title, showCode) {
  const data = title === "" ? { url: link } : { title, url: link };
  const sheet = button(t("share.sheet"), { icon: "share-2", click: () => void navigator.share(data).catch(() => {}) }); // closing the sheet is no failure
  const text = title === "" ? link : `${title}\n${link}`;
  const mail = `mailto:?subject=${encodeURIComponent(title || t("share.mail.subject"))}&body=${encodeURIComponent(text.replaceAll("\n", "\r\n"))}`;
  const message = `sms:?&body=${encodeURIComponent(text)}`; // iOS wants the "&", Android allows it
  return el(
    "div",
    { class: "share-ways" },
    navigator.canShare?.(data) ? sheet : null,
    el("a", { class: "btn", href: mail, rel: "noopener noreferrer" }, icon("mail"), el("span", {}, t("share.mail"))),
    el("a", { class: "btn", href: message, rel: "noopener noreferrer" }, icon("message-square"), el("span", {}, t("share.message"))),
    showCode,
  );
}

/**
 * A link to read: the host without its scheme, and the key in colour, cut at the end where there is no room.
 * @param {string} link
 */
export function linkText(link) {
  const cut = link.indexOf("#");
  return el("span", { class: "cut", role: "textbox", "aria-readonly": "true", "aria-label": t("share.link"), tabindex: "0", title: link, "data-link": link },
    el("span", {}, link.slice(0, cut).replace(/^https?:\/\//u, "")), el("em", {}, link.slice(cut)));
}

/**
 * @param {string} key
 * @param {string} value
 * @param {string} [more]
 */
function line(key, value, more = "") {
  return el("div", {}, el("span", {}, t(key)), el("b", { title: more }, value));
}

/**
 * @param {string} words
 * @param {string[][]} names  each a name, or what it was and what it is now; isolated, for names may turn the direction of what follows
 */
function details(words, names) {
  const shown = names.slice(0, 200);
  return el(
    "details",
    { class: "share-names" },
    el("summary", {}, words),
    el("ul", {}, shown.map(([from, to]) => el("li", {}, el("bdi", {}, from), ...(to === undefined ? [] : [" → ", el("bdi", {}, to)]))), names.length > shown.length ? el("li", {}, t("share.and_more", { count: names.length - shown.length })) : null),
  );
}
