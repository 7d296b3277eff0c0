/**
 * All that is known of one of my links: the link itself, its password, and what the server counts.
 */
import { el } from "../ui/element.js";
import { button } from "../ui/button.js";
import { copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { icon } from "../icons.js";
import { bytes, fullDate, number, t } from "../texts.js";
import { nameOf, visitsOf } from "./link-row.js";
import { linkText } from "./share-result.js";

/** @param {import("./link-row.js").Line} line */
export function showLink(line) {
  const { row, note } = line;
  const link = note?.link ?? "";
  const password = note?.password ?? "";
  const dialog = openDialog({
    title: nameOf(line),
    content: [
      ...(row.state === "removed" ? stopped(row) : []),
      note ? el("div", { class: "value" }, linkText(link), copyButton(() => link, { kind: "primary", label: t("share.copy") })) : null,
      password ? el("div", { class: "value" }, el("span", { "aria-label": t("share.password") }, password), copyButton(() => password, { label: t("links.copy_password") })) : null,
      el(
        "div",
        { class: "opts" },
        note?.files === undefined ? null : fact("links.count", number(note.files)),
        fact("links.size", bytes(row.size)),
        fact("links.made", fullDate(row.created)),
        fact("share.expires", row.expires ? fullDate(row.expires) : t("share.expires.never")),
        fact("links.visits", visitsOf(row)),
        fact("links.last_opened", row.last_opened ? fullDate(row.last_opened) : t("links.never")),
      ),
    ],
    actions: [button(t("share.done"), { click: () => dialog.close() })],
  });
}

/** @param {import("../links.js").LinkAnswer} row */
function stopped({ message }) {
  return [
    el("div", { class: "notice bad" }, icon("ban"), el("p", {}, t("links.stopped"))),
    message === "" ? null : el("p", { class: "operator-words", dir: "auto" }, el("small", {}, t("link.operator_says")), message),
  ];
}

/**
 * @param {string} key
 * @param {string} value
 */
function fact(key, value) {
  return el("div", {}, el("span", {}, t(key)), el("b", {}, value));
}
