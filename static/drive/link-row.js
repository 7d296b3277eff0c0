/**
 * One of my links: its title out of the note that only the owner's browser opens, what the server knows of it, copy and delete.
 *
 * @typedef {object} LinkAnswer  a row of GET /api/links
 * @property {string} id
 * @property {string} note
 * @property {string} created
 * @property {string | null} expires
 * @property {number | null} max_visits
 * @property {number} visits
 * @property {number} size
 * @property {"open" | "expired" | "used_up" | "paused" | "removed"} state
 * @property {string} message  the operator's, where they took it down
 */
import { el, fill } from "../ui/element.js";
import { iconButton } from "../ui/button.js";
import { confirm } from "../ui/confirm.js";
import { copy, copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";
import { icon } from "../icons.js";
import { api } from "../api.js";
import { bytes, date, fullDate, relative, t } from "../texts.js";
import { openNote } from "../send.js";
import { linkText } from "./share-result.js";

/**
 * @param {LinkAnswer} row
 * @param {import("../account-store.js").Account | null} account
 * @param {{removed: () => void}} hooks
 * @returns {HTMLElement}
 */
export function linkRow(row, account, { removed }) {
  const title = el("b", {}, "…");
  const buttons = el("span", { class: "line-buttons" });
  const state = row.state === "open" ? null : el("span", { class: row.state === "removed" ? "pill bad" : "pill off" }, t(`links.state.${row.state}`));
  const element = el(
    "li",
    { class: "line", "data-id": row.id },
    icon("link"),
    el("div", { class: "what" }, el("span", { class: "line-title" }, title, state), el("small", {}, factsOf(row)),
      row.state === "removed" && row.message !== "" && el("p", { class: "operator-words", dir: "auto" }, el("small", {}, t("link.operator_says")), row.message)),
    buttons,
  );
  let name = t("links.unnamed");

  const remove = iconButton("trash-2", t("links.remove"), async () => {
    const sure = await confirm({ title: t("links.remove.title", { name }), text: t("links.remove.text"), action: t("links.remove"), danger: true });
    if (!sure) return;
    try {
      await api("DELETE", `/api/links/${row.id}`);
      toast(t("links.removed"), { kind: "done" });
      removed();
    } catch (error) {
      toast(sentence(error), { kind: "problem" });
    }
  });
  fill(buttons, remove);
  void open();
  return element;

  async function open() {
    try {
      if (!account) throw new Error("no account");
      const note = await openNote(account, row);
      if (note.title) name = note.title;
      fill(title, el("bdi", {}, name));
      title.classList.toggle("unnamed", !note.title);
      remove.setAttribute("aria-label", t("links.remove_one", { name }));
      const copyLink = iconButton("copy", t("links.copy_one", { name }), async () => {
        if (await copy(note.link)) toast(t("links.copied"), { kind: "done" });
        else toast(t("ui.copy_failed"), { kind: "problem" });
      });
      const look = iconButton("info", t("links.show_one", { name }), () => details(note));
      fill(buttons, row.state === "open" || row.state === "paused" ? copyLink : null, look, remove);
    } catch {
      // The box does not open, or names another link: nothing of it is shown.
      name = t("links.unreadable");
      fill(title, name);
      title.classList.add("unnamed");
      element.querySelector("small")?.append(" · ", t("links.unreadable.why"));
    }
  }

  /** @param {{link: string, password: string}} note */
  function details({ link, password }) {
    const dialog = openDialog({
      title: name,
      content: [
        el("div", { class: "value" }, linkText(link), copyButton(() => link, { kind: "primary", label: t("share.copy") })),
        password ? el("div", { class: "value" }, el("span", { "aria-label": t("share.password") }, password), copyButton(() => password, { label: t("links.copy_password") })) : null,
        el(
          "div",
          { class: "opts" },
          fact("links.made", fullDate(row.created)),
          fact("share.expires", row.expires ? fullDate(row.expires) : t("share.expires.never")),
          fact("links.visits", visitsOf(row)),
          fact("links.size", bytes(row.size)),
        ),
      ],
      actions: [el("button", { type: "button", class: "btn", click: () => dialog.close() }, t("share.done"))],
    });
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function fact(key, value) {
  return el("div", {}, el("span", {}, t(key)), el("b", {}, value));
}

/** @param {LinkAnswer} row */
function factsOf(row) {
  const until = !row.expires
    ? t("links.forever")
    : row.state === "expired"
      ? t("links.expired", { when: relative(row.expires) })
      : t("links.expires", { when: relative(row.expires) });
  return [bytes(row.size), t("links.made_on", { when: date(row.created) }), until, visitsOf(row)].join(" · ");
}

/** @param {LinkAnswer} row */
function visitsOf({ visits, max_visits: limit }) {
  return limit === null ? t("links.visited", { count: visits }) : t("links.visited_of", { count: limit, visits });
}
