// /operator/links: everybody's links as the server knows them, for whoever runs it. None of them can be read here; they can be taken down. ?find= is an id or a name.
import { api } from "../api.js";
import { at } from "../base.js";
import { takeDown } from "../drive/take-down.js";
import { icon } from "../icons.js";
import { operatorHead } from "../operator/head.js";
import { idOfPasted } from "../pasted-link.js";
import { renameAddress } from "../router.js";
import { setTitle } from "../shell.js";
import { bytes, date, hasText, relative, t } from "../texts.js";
import { busy, button } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { skeleton } from "../ui/empty.js";
import { field } from "../ui/field.js";
import { failedNotice } from "../ui/lines.js";

/**
 * @typedef {object} OperatorLink  a row of GET /api/operator/links
 * @property {string} id
 * @property {string} owner
 * @property {"open" | "expired" | "used_up" | "paused" | "removed"} state
 * @property {string} message the reason that was given when it was taken down
 * @property {number} size
 * @property {number} manifest_size
 * @property {string} created
 * @property {string | null} expires
 * @property {number | null} max_visits
 * @property {number} visits
 * @property {string | null} last_opened
 * @property {number} wrong_tokens
 * @property {number} reports
 */

export const style = "operator.css";

/** @type {import("../router.js").Show} */
export async function show(main, { query, left }) {
  setTitle(t("operator.title"));
  const gone = new AbortController();
  const asked = query.get("find") ?? "";
  const find = field({ label: t("operator.find"), name: "find", value: asked, hint: t("operator.find_hint"), attributes: { type: "search", enterkeyhint: "search" } });
  const search = button(t("operator.find_action"), { type: "submit", icon: "search", kind: "soft" });
  const rows = el("ul", { class: "lines every-link", "aria-label": t("operator.title") });
  const below = el("div", {}, skeleton(4, t("links.loading")));
  const taken = el("p", { class: "quiet" });
  let found = await lookFor(asked).catch(() => "");
  if (left.aborted) return;

  /** @param {number | null} after */
  async function read(after = null) {
    if (after === null) fill(rows);
    try {
      const part = new URLSearchParams({ find: found, ...(after === null ? {} : { after: String(after) }) });
      /** @type {{links: OperatorLink[], next: number | null, total: number, limit: number | null}} */
      const { links, next, total, limit } = await api("GET", `/api/operator/links?${part}`, undefined, { signal: gone.signal });
      fill(taken, limit === null ? t("operator.taken", { total: bytes(total) }) : t("operator.taken_of", { total: bytes(total), limit: bytes(limit) }));
      rows.append(...links.map((link) => linkLine(link, () => void read())));
      if (rows.childElementCount === 0) fill(below, el("p", { class: "quiet" }, t(found ? "operator.none_found" : "operator.none")));
      else fill(below, next !== null && more(next));
    } catch (error) {
      if (gone.signal.aborted) return;
      fill(below, failedNotice(error, () => void read(after)));
    }
  }

  /** @param {number} next */
  function more(next) {
    const go = button(t("operator.more"), { kind: "soft", click: () => void busy(go, () => read(next)) });
    return el("p", {}, go);
  }

  const form = el("form", {
    class: "find", role: "search", novalidate: true,
    submit(/** @type {SubmitEvent} */ event) {
      event.preventDefault();
      void busy(search, async () => {
        try {
          found = await lookFor(find.input.value); // a link stays in the field: the address has its id alone
          renameAddress(at(found === "" ? "/operator/links" : `/operator/links?find=${encodeURIComponent(found)}`));
          await read();
        } catch (error) {
          find.problem(problemWith(error));
          find.input.focus();
        }
      });
    },
  }, find.element, search);
  fill(main, operatorHead("links"), el("section", { class: "section" }, el("h2", {}, t("operator.title")), el("p", {}, t("operator.what")), taken, form, rows, below));
  void read();
  return () => gone.abort();
}

/**
 * What may be sent to the server of what was typed: an id, or a name. A link stays here.
 * @param {string} typed
 */
async function lookFor(typed) {
  const id = await idOfPasted(typed);
  if (id !== null) return id;
  const name = typed.trim();
  if (name !== "" && !/^[a-z0-9][a-z0-9._-]{0,31}$/u.test(name)) throw { code: "no_name" };
  return name;
}

/** @param {unknown} error */
function problemWith(error) {
  const { code = "" } = /** @type {{code?: string}} */ (error ?? {});
  if (hasText(`link.fault.${code}`)) return `${t(`link.fault.${code}`)}. ${t("operator.paste_again")}`;
  return t("operator.no_such_name");
}

/**
 * @param {OperatorLink} link
 * @param {() => void} changed
 * @returns {HTMLElement}
 */
function linkLine(link, changed) {
  const removed = link.state === "removed";
  const state = link.state === "open" ? null : el("span", { class: removed ? "pill bad" : "pill off" }, t(`links.state.${link.state}`));
  return el("li", { class: "line", "data-id": link.id },
    icon("link"),
    el("div", { class: "what" },
      el("span", { class: "line-title" }, el("b", {}, link.owner), state),
      el("small", {}, factsOf(link)),
      el("small", { class: "mono", translate: "no" }, link.id),
      removed && link.message !== "" && el("p", { class: "operator-words", dir: "auto" }, link.message)),
    button(t(removed ? "operator.reason_change" : "operator.take_down"), {
      kind: removed ? "" : "danger",
      click: async () => {
        if (await takeDown(link)) changed();
      },
    }));
}

/** @param {OperatorLink} link */
function factsOf(link) {
  const until = !link.expires ? t("links.forever") : t(link.state === "expired" ? "links.expired" : "links.expires", { when: relative(link.expires) });
  const visits = link.max_visits === null ? t("links.visited", { count: link.visits }) : t("links.visited_of", { count: link.max_visits, visits: link.visits });
  const opened = link.last_opened ? t("operator.opened", { when: relative(link.last_opened) }) : t("operator.never_opened");
  return [bytes(link.size + link.manifest_size), t("links.made_on", { when: date(link.created) }), until, visits, opened].join(" · ");
}
