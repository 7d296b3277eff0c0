/**
 * The page that opens a link, `/s/#FRAGMENT`. It needs no account and sends no cookie; until a person acts, nothing of the content is fetched.
 */
import { el, fill } from "../ui/element.js";
import { at } from "../base.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { later } from "../later.js";
import { mainElement, setTitle } from "../shell.js";
import { fragmentFrom } from "../open.js";
import { linkFault } from "../drive/link-fault.js";
import { linkView, openInto } from "../drive/link-view.js";

const main = mainElement();
const sheet = el("div", { class: "link-sheet" });
const banner = el("div", { class: "link-banner" });
const trust = el("p", {}, t("link.trust"));
const report = el("button", { type: "button", class: "link-btn" }, t("report.action"));
const lock = el("aside", { class: "lock", "aria-label": t("link.trust.label"), hidden: true }, icon("lock"), el("div", {}, trust, el("p", {}, t("link.trust.who")), el("p", {}, report)));
let turn = new AbortController();
let end = () => {};

start();

function start() {
  document.querySelector(".center > .foot")?.before(lock);
  main.append(banner, sheet);
  restoreAddress();
  addEventListener("hashchange", () => {
    fill(banner);
    fill(trust, t("link.trust"));
    void open();
  });
  void open();
}

/**
 * Some mail gateways and chat programs write "%23" for "#": the server then saw the key as a part of the path. The address is put right, and the
 * person is told.
 */
function restoreAddress() {
  if (location.pathname === at("/s/")) return;
  const fragment = fragmentFrom(location.href);
  history.replaceState(null, "", at(`/s/${fragment ? "#" + fragment : ""}`));
  if (!fragment) return;
  fill(banner, el("div", { class: "notice warn", role: "status" }, icon("triangle-alert"), el("p", {}, t("link.seen_by_server"))));
  fill(trust, t("link.trust_seen"));
}

async function open() {
  turn.abort();
  turn = new AbortController();
  const { signal } = turn;
  end();
  end = () => {};
  lock.hidden = true;
  setTitle("");

  const fragment = fragmentFrom(location.href);
  if (!globalThis.crypto?.subtle) return failed({ code: "no_crypto" });
  if (!fragment) return failed({ code: "no_link" });
  return openInto(sheet, fragment, signal, { opened, failed });
}

/**
 * @param {import("../open.js").Opened} link
 * @param {AbortSignal} signal
 */
async function opened(link, signal) {
  const view = await linkView(link);
  if (signal.aborted) return view.end();
  end = view.end;
  fill(sheet, view.element);
  lock.hidden = false;
  report.onclick = async () => (await later(() => import("../drive/report-dialog.js"))).openReport(link.id);
  setTitle(link.manifest.title);
  sheet.querySelector("h1")?.focus({ preventScroll: true });
}

/** @param {unknown} error */
function failed(error) {
  fill(sheet, linkFault(error, { again: () => void open(), open: openOther }));
  setTitle(sheet.querySelector("h1")?.textContent ?? "");
  sheet.querySelector("h1")?.focus({ preventScroll: true });
}

/** @param {string} link as it was pasted */
function openOther(link) {
  const fragment = fragmentFrom(link) || link.replace(/^#/u, "");
  if (location.hash === "#" + fragment) void open();
  else location.hash = fragment; // tells hashchange
}
