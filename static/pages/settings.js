// /settings: whose account this is, how it is got into, and how the pages look.
import { signOut } from "../account.js";
import { at } from "../base.js";
import { setTitle } from "../shell.js";
import { t } from "../texts.js";
import { accountSection } from "../ui/account-section.js";
import { appPasswordSection, mountSection } from "../ui/app-passwords.js";
import { button } from "../ui/button.js";
import { changePassword, newRecoveryKey } from "../ui/credentials.js";
import { el, fill } from "../ui/element.js";
import { installSection } from "../ui/install-section.js";
import { looksSection } from "../ui/looks-section.js";
import { pagesSection } from "../ui/pages-section.js";
import { sentence } from "../ui/problem.js";
import { sessionSection } from "../ui/sessions.js";
import { toast } from "../ui/toast.js";

/** @type {import("../router.js").Show} */
export function show(main) {
  setTitle(t("settings.title"));
  const name = document.body.dataset.name ?? "";
  const gone = new AbortController();
  const address = document.body.dataset.dav ?? new URL(at("/dav/"), location.href).href;
  fill(main,
    el("div", { class: "head" }, el("h1", {}, t("settings.title"))),
    accountSection({ name, operator: document.body.dataset.operator === "true", signal: gone.signal }),
    pagesSection(),
    mountSection(),
    appPasswordSection({ name, address, signal: gone.signal }),
    section(t("settings.password"), t("settings.password_what"), button(t("settings.password_change"), { kind: "soft", click: () => changePassword(name) })),
    section(t("settings.recovery_key"), t("settings.recovery_key_what"),
      button(t("settings.recovery_key_new"), { kind: "soft", click: () => newRecoveryKey(name) })),
    sessionSection({ signal: gone.signal }),
    looksSection(),
    installSection(gone.signal),
    section(t("settings.sign_out"), t("settings.sign_out_what"), button(t("shell.sign_out"), { icon: "log-out", kind: "soft", click: leave })));
  return () => gone.abort();
}

/** @param {string} title @param {string} what @param {HTMLElement} action */
function section(title, what, action) {
  return el("section", { class: "section" }, el("h2", {}, title), el("p", {}, what), action);
}

async function leave() {
  try {
    await signOut();
    location.assign(at("/"));
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
}
