/**
 * The page that opens links from its reader's own disk (static/opener.go makes it). It fetches sealed bytes from the link's server, and nothing else from anywhere.
 */
import { icon } from "../icons.js";
import { openLink } from "../open.js";
import { parseLink } from "../sealed.js";
import { mainElement, setTitle } from "../shell.js";
import { t } from "../texts.js";
import { button } from "../ui/button.js";
import { el, fill, freshID } from "../ui/element.js";
import { linkFault } from "../drive/link-fault.js";
import { linkPassword } from "../drive/link-password.js";
import { linkView } from "../drive/link-view.js";

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
  try {
    if (parseLink(link.fragment).password) return askForPassword(link.fragment, signal);
    fill(sheet, el("p", { class: "link-wait", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), t("link.opening")));
    await opened(await openLink(link.fragment, { signal }), signal);
  } catch (error) {
    if (signal.aborted) return;
    failed(/** @type {{code?: string}} */ (error).code === "wrong_token" ? { code: "changed_by_owner" } : error);
  }
}

/** @param {string} problem */
function ask(problem) {
  const id = freshID("link");
  const field = el("input", { id, class: "input mono", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "https://…/s/#…" });
  const fault = el("p", { class: "problem", role: "alert" }, problem);
  fill(sheet, el("h1", { tabindex: "-1" }, t("opener.title")), el("p", { class: "sub" }, t("opener.text")), el("form", {
    class: "paste",
    novalidate: true,
    submit(/** @type {SubmitEvent} */ event) {
      event.preventDefault();
      if (!linkIn(field.value)) {
        fill(fault, t("opener.fault"));
        return field.focus();
      }
      location.hash = field.value.trim(); // tells hashchange
    },
  }, el("div", { class: "field" }, el("label", { for: id }, t("link.paste")), field, fault), button(t("link.open"), { kind: "primary", type: "submit" })));
  field.focus();
}

/**
 * @param {string} fragment
 * @param {AbortSignal} signal
 */
function askForPassword(fragment, signal) {
  const form = linkPassword(
    async (password) => opened(await openLink(fragment, { password, signal }), signal),
    (error) => /^(wrong_token|slow_down|password_\w+)$/u.test(/** @type {{code?: string}} */ (error).code ?? ""),
    (error) => {
      if (!signal.aborted) failed(error);
    },
  );
  fill(sheet, form);
  form.querySelector("input")?.focus();
  setTitle(t("link.password"));
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
