// What is being transferred now: whose, through which door, how far. Names of files are their owners' alone, so none comes here.
import { api } from "../api.js";
import { icon } from "../icons.js";
import { bytes, fullDate, relative, t } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { card } from "./card.js";
import { follow } from "./follow.js";

/**
 * @typedef {object} Transfer  a row of GET /api/operator/transfers
 * @property {number} id
 * @property {"dav" | "files" | "uploads" | "links"} door
 * @property {"in" | "out"} direction
 * @property {string | null} account
 * @property {string | null} link
 * @property {string} began
 * @property {number} bytes
 * @property {number | null} size
 * @property {number} speed
 */

const EVERY = 3000; // milliseconds

/**
 * @param {{signal: AbortSignal}} options
 * @returns {HTMLElement}
 */
export function transfersCard({ signal }) {
  const whole = card(t("server.transfers"));
  const rows = el("ul", { class: "lines", "aria-label": t("server.transfers") });
  const below = el("p", { class: "quiet" });
  /** @type {Map<number, ReturnType<typeof transferRow>>} */
  const shown = new Map();
  const again = follow({
    /** @returns {Promise<{transfers: Transfer[], others: number}>} */
    load: () => api("GET", "/api/operator/transfers", undefined, { signal }),
    show({ transfers, others }) {
      const there = new Set(transfers.map(({ id }) => id));
      for (const [id, row] of shown) {
        if (there.has(id)) continue;
        row.element.remove();
        shown.delete(id);
      }
      for (const transfer of transfers) {
        let row = shown.get(transfer.id);
        if (!row) {
          row = transferRow(transfer);
          shown.set(transfer.id, row);
          rows.append(row.element); // they come oldest first
        }
        row.show(transfer);
      }
      rows.hidden = transfers.length === 0;
      fill(below, transfers.length === 0 ? t("server.transfers.none") : others > 0 ? t("server.transfers.more", { count: others }) : t("server.transfers.what"));
      if (!rows.isConnected) fill(whole.body, rows, below);
      whole.fine();
    },
    failed: (error) => whole.failed(error, () => again()),
    every: EVERY,
    signal,
  });
  return whole.element;
}

/** @param {Transfer} transfer */
function transferRow({ direction, door, account, link, began }) {
  const facts = el("small", { class: "nums" });
  const done = el("i");
  const bar = el("div", { class: "bar", "aria-hidden": "true" }, done);
  const who = link === null ? el("b", {}, account) : el("b", {}, t("server.transfers.link"));
  const element = el("li", { class: "line" },
    icon(direction === "in" ? "upload" : "download"),
    el("div", { class: "what" },
      el("span", { class: "line-title" }, who, el("span", { class: "pill off" }, t(`server.transfers.${direction}_${door}`))),
      link !== null && el("small", { class: "mono", translate: "no" }, link),
      facts, bar));
  return {
    element,
    /** @param {Transfer} transfer as it is now */
    show({ bytes: moved, size, speed }) {
      const words = [size === null ? bytes(moved) : t("server.transfers.of", { moved: bytes(moved), size: bytes(size) }),
        speed < 1 ? t("server.transfers.still") : t("drive.speed", { speed: bytes(speed) }), t("server.transfers.since", { when: relative(began) })];
      fill(facts, words.join(" · "));
      facts.title = fullDate(began);
      bar.hidden = size === null;
      done.style.setProperty("width", `${100 * Math.min(1, moved / Math.max(1, size ?? 1))}%`);
    },
  };
}
