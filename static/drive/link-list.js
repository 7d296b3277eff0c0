/**
 * All my links: a search in their titles, an order, and the rows, of which only those in sight are in the document. Titles are opened here and searched here; the server
 * learns neither.
 *
 * @typedef {import("../links.js").LinkAnswer} LinkAnswer
 * @typedef {import("./link-row.js").Line} Line
 * @typedef {"made" | "title" | "expires" | "size" | "visits" | "last_opened"} Column
 */
import { el, fill } from "../ui/element.js";
import { confirm } from "../ui/confirm.js";
import { emptyState } from "../ui/empty.js";
import { iconButton } from "../ui/button.js";
import { openMenu } from "../ui/menu.js";
import { sentence } from "../ui/problem.js";
import { toast } from "../ui/toast.js";
import { icon } from "../icons.js";
import { api } from "../api.js";
import { changeTerms, noteReader } from "../links.js";
import { t } from "../texts.js";
import { changeLink, renewLink } from "./link-change.js";
import { showLink } from "./link-details.js";
import { factsOf, linkRow, nameOf } from "./link-row.js";
import { compareNames } from "./names.js";
import { windowed } from "./windowed.js";

const BATCH = 50; // notes that are opened before the page gets a turn

/** @type {Column[]} */
const columns = ["made", "title", "expires", "size", "visits", "last_opened"];

/**
 * @param {import("../account-store.js").Account | null} account
 * @param {{reread: () => Promise<void>, signal: AbortSignal}} options signal: ends it
 * @returns {{element: HTMLElement, update: (rows: LinkAnswer[]) => void}}
 */
export function linkList(account, { reread, signal }) {
  const read = account && noteReader(account);
  /** @type {Map<string, Line>} by id, in the server's order */
  let lines = new Map();
  /** @type {Line[]} what is shown, in order */
  let shown = [];
  /** @type {Map<string, {face: string, element: HTMLElement}>} rows that were made, by id */
  const made = new Map();
  let wanted = "";
  let down = true;
  let round = 0; // of opening
  let reading = Promise.resolve(); // after something was changed

  const find = el("input", {
    type: "search", "aria-label": t("links.find"), placeholder: t("links.find"), autocomplete: "off", spellcheck: "false",
    input() {
      wanted = find.value.normalize("NFC").toLocaleLowerCase();
      arrange();
    },
  });
  const by = el("select", {
    class: "input", "aria-label": t("links.sort"),
    change() {
      down = !(by.value === "title" || by.value === "expires");
      arrange();
    },
  }, columns.map((column) => el("option", { value: column }, t(`links.sort.${column}`))));
  const turn = iconButton("arrow-up-down", t("links.sort.turn"), () => {
    down = !down;
    arrange();
  });
  const host = el("ul", { class: "lines links", role: "list" });
  const none = el("div", { role: "status" });
  const list = windowed(host, { render, keep: () => shown.findIndex(({ row }) => row.id === focused()?.dataset.id) });
  signal.addEventListener("abort", () => list.end());

  return {
    element: el("div", {}, el("div", { class: "tools links-tools" }, el("label", { class: "search" }, icon("search"), find), by, turn), host, none, el("p", { class: "quiet links-note" }, t("links.private"))),
    update(rows) {
      const before = lines;
      lines = new Map(rows.map((row) => {
        const known = before.get(row.id);
        return [row.id, known?.row.note === row.note ? { ...known, row } : { row, note: known?.note ?? null, opened: false }];
      }));
      for (const id of made.keys()) if (!lines.has(id)) made.delete(id);
      arrange();
      void open();
    },
  };

  /** Opens the notes, the page's turn in between. */
  async function open() {
    const mine = ++round;
    const closed = [...lines.values()].filter(({ opened }) => !opened);
    let told = performance.now();
    for (let at = 0; at < closed.length; at += BATCH) {
      await Promise.all(closed.slice(at, at + BATCH).map(async (line) => {
        await openNote(line);
      }));
      await new Promise((resolve) => setTimeout(resolve));
      if (mine !== round || signal.aborted) return;
      if (at + BATCH >= closed.length || at === 0 || performance.now() - told > 500) {
        arrange();
        told = performance.now();
      }
    }
  }

  /** @param {Line} line */
  async function openNote(line) {
    try {
      line.note = read ? await read(line.row) : null;
    } catch {
      line.note = null; // the box does not open, or names another link: nothing of it is shown
    }
    line.opened = true;
  }

  /** Finds what is wanted, puts it in order, and shows it. What has the focus keeps it. */
  function arrange() {
    const found = [...lines.values()].filter((line) => wanted === "" || (line.note !== null && nameOf(line).normalize("NFC").toLocaleLowerCase().includes(wanted)));
    shown = inOrder(found, /** @type {Column} */ (by.value), down);
    const active = document.activeElement;
    const id = focused()?.dataset.id;
    const place = [...(focused()?.querySelectorAll("button") ?? [])].indexOf(/** @type {HTMLButtonElement} */ (active));
    list.reset(shown.length);
    if (id && document.activeElement === document.body) {
      /** @type {HTMLElement | undefined} */ (host.querySelector(`[data-id="${id}"]`)?.querySelectorAll("button")[place])?.focus();
    }
    fill(none, shown.length === 0 && lines.size > 0 ? emptyState({ icon: "search", title: t("drive.none_found"), text: t("drive.none_found.text", { text: find.value }), low: true }) : null);
  }

  /** @returns {HTMLElement | null} the row with the focus */
  function focused() {
    return /** @type {HTMLElement | null} */ (document.activeElement?.closest(".links > .line") ?? null);
  }

  /** @param {number} index */
  function render(index) {
    const line = shown[index];
    const { id } = line.row;
    const face = JSON.stringify([nameOf(line), line.row.state, factsOf(line), line.note?.link]);
    let known = made.get(id);
    if (known?.face !== face) {
      known = { face, element: linkRow(line, (at) => menu(id, at)) };
      made.set(id, known);
    }
    known.element.setAttribute("aria-posinset", String(index + 1));
    known.element.setAttribute("aria-setsize", String(shown.length));
    return known.element;
  }

  /**
   * @param {string} id
   * @param {HTMLElement} at
   */
  function menu(id, at) {
    const line = lines.get(id);
    if (!line) return;
    const { row, note } = line;
    const stopped = row.state === "removed";
    const over = row.expires !== null && new Date(row.expires).getTime() <= Date.now();
    const paused = row.state === "paused";
    openMenu(
      at,
      [
        { text: t("links.show"), icon: "info", act: () => showLink(line) },
        !stopped && account && { text: t(over ? "links.revive" : "links.change"), icon: over ? "rotate-ccw" : "pencil", act: () => void change(id, (now) => changeLink(now.row, now.note, account)) },
        !stopped && !over && !paused && { text: t("links.pause"), icon: "pause", act: () => void change(id, (now) => pause(now.row, true)) },
        paused && { text: t("links.resume"), icon: "play", act: () => void change(id, (now) => pause(now.row, false)) },
        !stopped && account && note && { text: t("links.renew"), icon: "refresh-cw", act: () => void change(id, async (now) => now.note !== null && renewLink(now.row, now.note, account)) },
        null,
        { text: t("links.remove"), icon: "trash-2", danger: true, act: () => void change(id, remove) },
      ],
      t("links.more", { name: nameOf(line) }),
    );
  }

  /**
   * Does something with a link as it is after what was changed last, which may not be read again yet.
   *
   * @param {string} id
   * @param {(line: Line) => Promise<boolean>} act whether something changed
   */
  async function change(id, act) {
    await reading;
    const line = lines.get(id);
    if (!line) return;
    if (!line.opened) await openNote(line);
    if (await act(line)) reading = reread();
  }
}

/**
 * @param {LinkAnswer} row
 * @param {boolean} paused
 */
async function pause(row, paused) {
  try {
    await changeTerms(row.id, { paused });
    toast(t(paused ? "links.paused" : "links.resumed"), { kind: "done" });
  } catch (error) {
    toast(sentence(error), { kind: "problem" });
  }
  return true;
}

/** @param {Line} line */
async function remove(line) {
  const sure = await confirm({ title: t("links.remove.title", { name: nameOf(line) }), text: t("links.remove.text"), action: t("links.remove"), danger: true });
  if (!sure) return false;
  try {
    await api("DELETE", `/api/links/${line.row.id}`);
    toast(t("links.removed"), { kind: "done" });
  } catch (error) {
    toast(sentence(error), { kind: "problem" });
  }
  return true;
}

/**
 * @param {Line[]} lines in the server's order, newest first
 * @param {Column} by
 * @param {boolean} down the other way round: the newest, largest first
 */
function inOrder(lines, by, down) {
  if (by === "made") return down ? lines : [...lines].reverse();
  const never = Number.MAX_SAFE_INTEGER;
  /** @type {(line: Line) => number} */
  const value = {
    title: () => 0,
    expires: (/** @type {Line} */ { row }) => (row.expires ? Date.parse(row.expires) : never),
    size: (/** @type {Line} */ { row }) => row.size,
    visits: (/** @type {Line} */ { row }) => row.visits,
    last_opened: (/** @type {Line} */ { row }) => (row.last_opened ? Date.parse(row.last_opened) : 0),
  }[by];
  const sign = down ? -1 : 1;
  if (by === "title") {
    const names = new Map(lines.map((line) => [line, nameOf(line)]));
    return [...lines].sort((a, b) => sign * compareNames(names.get(a) ?? "", names.get(b) ?? ""));
  }
  return [...lines].sort((a, b) => sign * (value(a) - value(b)));
}
