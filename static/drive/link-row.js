/**
 * One of my links in the list: its title out of the note that only the owner's browser opens, what the server knows of it, copy and a menu.
 *
 * @typedef {import("../links.js").LinkAnswer} LinkAnswer
 * @typedef {import("../links.js").OwnNote} OwnNote
 *
 * @typedef {object} Line  a row and what is known of its note
 * @property {LinkAnswer} row
 * @property {OwnNote | null} note  null: it does not open, or has not been opened yet
 * @property {boolean} opened  whether it was tried
 */
import { el } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { copy } from "../ui/copy.js";
import { toast } from "../ui/toast.js";
import { icon } from "../icons.js";
import { bytes, date, relative, t } from "../texts.js";

/** @param {Line} line */
export function nameOf({ note, opened }) {
  if (note) return note.title || t("links.unnamed");
  return opened ? t("links.unreadable") : "…";
}

/**
 * @param {Line} line
 * @param {(at: HTMLElement) => void} menu opens what can be done with it
 * @returns {HTMLElement}
 */
export function linkRow(line, menu) {
  const { row, note, opened } = line;
  const name = nameOf(line);
  const title = el("b", { class: note?.title ? "" : "unnamed" }, el("bdi", {}, name));
  const state = row.state === "open" ? null : el("span", { class: row.state === "removed" ? "pill bad" : "pill off" }, t(`links.state.${row.state}`));
  const more = iconButton("ellipsis", t("links.more", { name }), () => menu(more));
  more.setAttribute("aria-haspopup", "menu");
  return el(
    "li",
    { class: "line", "data-id": row.id },
    icon("link"),
    el("div", { class: "what" }, el("span", { class: "line-title" }, title, state), el("small", { title: factsOf(line) }, factsOf(line))),
    el("span", { class: "line-buttons" }, note && copyLink(note, name), opened ? more : null),
  );
}

/**
 * @param {OwnNote} note
 * @param {string} name
 */
function copyLink(note, name) {
  return iconButton("copy", t("links.copy_one", { name }), async () => {
    if (await copy(note.link)) toast(t("links.copied"), { kind: "done" });
    else toast(t("ui.copy_failed"), { kind: "problem" });
  });
}

/** @param {Line} line */
export function factsOf({ row, note, opened }) {
  if (row.state === "removed") return row.message === "" ? t("links.stopped") : `${t("link.operator_says")} ${row.message}`;
  return [
    note?.files !== undefined && t("links.files", { count: note.files }),
    bytes(row.size),
    untilOf(row),
    visitsOf(row),
    row.last_opened ? t("links.opened", { when: relative(row.last_opened) }) : t("links.never_opened"),
    t("links.made_on", { when: date(row.created) }),
    opened && !note && t("links.unreadable.why"),
  ].filter(Boolean).join(" · ");
}

/** @param {LinkAnswer} row */
export function untilOf({ expires }) {
  if (!expires) return t("links.forever");
  return new Date(expires).getTime() <= Date.now() ? t("links.expired", { when: relative(expires) }) : t("links.expires", { when: relative(expires) });
}

/** @param {LinkAnswer} row */
export function visitsOf({ visits, max_visits: limit }) {
  return limit === null ? t("links.visited", { count: visits }) : t("links.visited_of", { count: limit, visits });
}
