// App passwords: what mounted drives sign in with.
import { api } from "../api.js";
import { at } from "../base.js";
import { icon } from "../icons.js";
import { date, fullDate, relative, t } from "../texts.js";
import { button } from "./button.js";
import { confirm } from "./confirm.js";
import { copyButton } from "./copy.js";
import { openDialog } from "./dialog.js";
import { el } from "./element.js";
import { field } from "./field.js";
import { form } from "./form.js";
import { lines } from "./lines.js";
import { sentence } from "./problem.js";
import { withProof } from "./proof.js";
import { toast } from "./toast.js";

/** @typedef {{id: number, label: string, created: string, used: string | null, password?: string}} AppPassword */

/**
 * Leads to the page that says how the drive is mounted.
 * @returns {HTMLElement}
 */
export function mountSection() {
  return el("section", { class: "section" }, el("h2", {}, t("mount.title")), el("p", {}, t("mount.what")),
    el("p", { class: "actions" }, el("a", { class: "btn soft", href: at("/connect") }, icon("hard-drive"), el("span", {}, t("connect.title")))));
}

/**
 * @param {object} options
 * @param {string} options.name of the account
 * @param {string} options.address of the WebDAV door
 * @param {AbortSignal} options.signal
 * @returns {HTMLElement}
 */
export function appPasswordSection({ name, address, signal }) {
  const list = lines({
    label: t("settings.app_passwords"),
    none: t("settings.app_password_none"),
    load: async () => /** @type {AppPassword[]} */ ((await api("GET", "/api/app-passwords", undefined, { signal })).app_passwords),
    line: (item, reload) => el("li", { class: "line" },
      icon("key-round"),
      el("div", { class: "what" }, el("b", {}, item.label), el("small", { title: fullDate(item.used ?? item.created) }, item.used
        ? t("settings.app_password_used", { created: date(item.created), used: relative(item.used) })
        : t("settings.app_password_unused", { created: date(item.created) }))),
      button(t("settings.app_password_end"), { kind: "danger", click: () => end(item, reload) })),
  });
  list.reload();
  return el("section", { class: "section" },
    el("h2", {}, t("settings.app_passwords")), el("p", {}, t("settings.app_passwords_what")),
    list.element,
    el("p", { class: "actions" }, button(t("settings.app_password_add"), { kind: "soft", icon: "plus", click: () => make(name, address, list.reload) })));
}

/**
 * A value that is needed elsewhere.
 * @param {string} label
 * @param {string} value
 * @param {"" | "primary"} [kind]
 */
function place(label, value, kind = "") {
  return el("div", { class: "pair" }, el("span", { class: "label" }, label),
    el("div", { class: "value" }, el("span", { translate: "no" }, value), copyButton(() => value, { kind })));
}

/** @param {string} name @param {string} address @param {() => Promise<void>} reload */
function make(name, address, reload) {
  const label = field({ label: t("settings.app_password_label"), name: "label", hint: t("settings.app_password_label_hint"), maxlength: 60,
    attributes: { autocapitalize: "sentences" } });
  const asking = form({
    content: [label.element],
    action: t("settings.app_password_make"),
    working: t("settings.app_password_making"),
    others: [button(t("ui.cancel"), { click: () => dialog.close() })],
    async send() {
      const text = label.input.value.trim();
      if (text === "") return label.problem(t("settings.app_password_label_missing"));
      /** @type {AppPassword | undefined} */
      const made = await withProof(() => api("POST", "/api/app-passwords", { label: text }), name);
      if (!made) return;
      dialog.close();
      reload();
      showPassword(made, name, address);
    },
  });
  const dialog = openDialog({ title: t("settings.app_password_add"), content: asking.element });
}

/** @param {AppPassword} made @param {string} name @param {string} address */
function showPassword(made, name, address) {
  const dialog = openDialog({
    title: t("settings.app_password_ready", { label: made.label }),
    keep: true,
    class: "roomy",
    content: [
      el("p", { class: "sub" }, t("settings.app_password_once")),
      place(t("settings.app_password"), made.password ?? "", "primary"), place(t("settings.address"), address), place(t("settings.user"), name),
    ],
    actions: [button(t("settings.done"), { kind: "primary", click: () => dialog.close() })],
  });
}

/** @param {AppPassword} item @param {() => Promise<void>} reload */
async function end(item, reload) {
  const sure = await confirm({
    title: t("settings.app_password_end_title", { label: item.label }),
    text: item.used
      ? t("settings.app_password_end_text", { created: date(item.created), used: relative(item.used) })
      : t("settings.app_password_end_unused", { created: date(item.created) }),
    action: t("settings.app_password_end"), danger: true,
  });
  if (!sure) return;
  try {
    await api("DELETE", `/api/app-passwords/${item.id}`);
    toast(t("settings.app_password_ended"), { kind: "done" });
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
  await reload();
}
