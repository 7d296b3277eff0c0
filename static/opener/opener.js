/**
 * The page that opens links from its reader's own disk (static/opener.go makes it). It fetches sealed bytes from the link's server, and nothing else from anywhere.
 */
import { icon } from "../icons.js";
import { mainElement, setTitle } from "../shell.js";
import { t } from "../texts.js";
import { button } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { linkFault, pasteForm } from "../drive/link-fault.js";
import { linkView, openInto } from "../drive/link-view.js";

const sheet = el("div", { class: "link-sheet" });
const from = el("p", { class: "quiet", hidden: true });
let turn = new AbortController();
let end = () => {};
/** The server that this page may ask, once it has a link. */
let server = "";

const skip = document.getElementById("skip");
if (skip) skip.textContent = t("page.skip");
document.getElementById("language")?.setAttribute("aria-label", t("language.label"));
fill(mainElement(), sheet);
document.querySelector(".foot")?.before(el("aside", { class: "lock" }, icon("lock"), el("div", {}, el("p", {}, t("opener.trust")), from)));
addEventListener("hashchange", () => void open());
void open();

/**
 * @param {string} text a link
 * @returns {{server: string, fragment: string} | null} server: where it lives, without a slash at the end; null where it is no whole link
 */
function linkIn(text) {
  const found = /^(https?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?)\/s\/?(?:#|%23|%2523)+([A-Za-z0-9_-]+)$/iu.exec(text.trim());
  if (!found || !URL.canParse(found[1])) return null;
  return { server: new URL(found[1]).href.replace(/\/$/u, ""), fragment: found[2] };
}

/**
 * From now on nothing else can be asked, whatever runs here: a policy can be added, and never taken back.
 * @param {string} address
 */
function bindTo(address) {
  server = address;
  Object.assign(globalThis, { thorpeOpener: { server } });
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src ${server}/api/links/ blob:`;
  document.head.append(policy);
}

async function open() {
  turn.abort();
  turn = new AbortController();
  const { signal } = turn;
  end();
  end = () => {};
  from.hidden = true;
  setTitle("");
  const text = location.hash.slice(1);
  const link = linkIn(text);
  if (!link) return ask(text === "" ? "" : t("opener.fault"));
  if (server !== "" && server !== link.server) return location.reload();
  if (server === "") bindTo(link.server);
  fill(from, t("opener.from", { server }));
  from.hidden = false;
  return openInto(sheet, link.fragment, signal, { opened, failed });
}

/** @param {string} problem */
function ask(problem) {
  const form = pasteForm((text) => (location.hash = text), { problem, check: (text) => (linkIn(text) ? "" : t("opener.fault")) }); // tells hashchange
  fill(sheet, el("h1", { tabindex: "-1" }, t("opener.title")), el("p", { class: "sub" }, t("opener.text")), form);
  form.querySelector("input")?.focus();
}

/**
 * @param {import("../open.js").Opened} link
 * @param {AbortSignal} signal
 */
async function opened(link, signal) {
  const view = await linkView(link);
  if (signal.aborted) return view.end();
  end = view.end;
  fill(sheet, view.element, el("p", {}, button(t("opener.other"), { kind: "soft", icon: "link", click: () => (location.hash = "") })));
  setTitle(link.manifest.title);
  sheet.querySelector("h1")?.focus({ preventScroll: true });
}

/** @param {unknown} error */
function failed(error) {
  fill(sheet, linkFault(error, { again: () => void open(), open: (text) => (linkIn(text) ? (location.hash = text.trim()) : ask(t("opener.fault"))) }));
  setTitle(sheet.querySelector("h1")?.textContent ?? "");
  sheet.querySelector("h1")?.focus({ preventScroll: true });
}
