// /people: who has an account on this server, and invitations, for whoever runs it.
import { api } from "../api.js";
import { icon } from "../icons.js";
import { setTitle } from "../shell.js";
import { spaceBar } from "../space.js";
import { bytes, date, fullDate, relative, t } from "../texts.js";
import { isName } from "../ui/account-form.js";
import { busy, button } from "../ui/button.js";
import { copyButton } from "../ui/copy.js";
import { openDialog } from "../ui/dialog.js";
import { el, fill } from "../ui/element.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { lines } from "../ui/lines.js";
import { sentence } from "../ui/problem.js";
import { withProof } from "../ui/proof.js";
import { toast } from "../ui/toast.js";

/** @typedef {{id: string, name: string, operator: boolean, created: string, seen: string | null, used: number | null, quota: number | null}} Person */
/** @typedef {{id: number, name: string, created: string, expires: string}} Invite */

/** @type {import("../router.js").Show} */
export function show(main) {
  setTitle(t("people.title"));
  const gone = new AbortController();
  /** @type {Promise<{people: Person[], invites: Invite[]}>} */
  let answer;
  const ask = () => { answer = api("GET", "/api/people", undefined, { signal: gone.signal }); };
  const people = lines({ label: t("people.title"), load: async () => (await answer).people, line: personLine });
  const invites = lines({
    label: t("people.invites"), load: async () => (await answer).invites,
    line: (invite) => inviteLine(invite, reload),
  });
  const inviteSection = el("section", { class: "section", hidden: true }, el("h2", {}, t("people.invites")), invites.element);
  async function reload() {
    ask();
    await Promise.all([people.reload(), invites.reload()]);
    inviteSection.hidden = ((await answer.catch(() => null))?.invites.length ?? 0) === 0;
  }
  fill(main,
    el("div", { class: "head" }, el("h1", {}, t("people.title")),
      button(t("people.invite"), { kind: "primary", icon: "user-plus", click: () => askForInvite(reload) })),
    el("section", { class: "section" }, el("p", {}, t("people.what")), people.element), inviteSection);
  reload();
  return () => gone.abort();
}

/** @param {Person} person */
function personLine(person) {
  return el("li", { class: "line" },
    icon("user"),
    el("div", { class: "what" }, el("b", {}, person.name), el("small", { title: fullDate(person.seen) }, person.seen
      ? t("people.seen", { created: date(person.created), seen: relative(person.seen) })
      : t("people.never", { created: date(person.created) })),
      person.used !== null && el("small", {}, person.quota === null
        ? t("people.used", { used: bytes(person.used) })
        : t("people.used_of", { used: bytes(person.used), quota: bytes(person.quota) })),
      person.used !== null && person.quota !== null && spaceBar(person.used / Math.max(1, person.quota), "bar quota")),
    person.operator && el("span", { class: "pill" }, t("people.operator")));
}

/** @param {Invite} invite @param {() => Promise<void>} reload */
function inviteLine(invite, reload) {
  const end = button(t("people.invite_end"), {
    kind: "danger",
    click: () => busy(end, async () => {
      try {
        await api("DELETE", `/api/invites/${invite.id}`);
        toast(t("people.invite_ended"), { kind: "done" });
      } catch (err) {
        toast(sentence(err), { kind: "problem" });
      }
      await reload();
    }),
  });
  return el("li", { class: "line" },
    icon("user-plus"),
    el("div", { class: "what" }, el("b", {}, invite.name ? t("people.invite_for", { name: invite.name }) : t("people.invite_open")),
      el("small", {}, t("people.invite_until", { created: date(invite.created), expires: date(invite.expires) }))),
    end);
}

/** @param {() => Promise<void>} reload */
function askForInvite(reload) {
  const user = field({ label: t("people.invite_name"), name: "guest", maxlength: 32, hint: t("people.invite_name_hint") });
  const asking = form({
    content: [el("p", { class: "sub" }, t("people.invite_what")), user.element],
    action: t("people.invite_make"),
    working: t("people.invite_making"),
    others: [button(t("ui.cancel"), { click: () => dialog.close() })],
    async send() {
      const name = user.input.value.trim().toLowerCase();
      if (name !== "" && !isName(name)) return user.problem(t("error.bad_name"));
      /** @type {{link: string, expires: string} | undefined} */
      const made = await withProof(() => api("POST", "/api/invites", { name }), document.body.dataset.name ?? "");
      if (!made) return;
      dialog.close();
      reload();
      showInvite(made.link, made.expires);
    },
  });
  const dialog = openDialog({ title: t("people.invite"), content: asking.element });
}

/** @param {string} link @param {string} expires */
function showInvite(link, expires) {
  const dialog = openDialog({
    title: t("people.invite_ready"), keep: true,
    content: [
      el("p", { class: "sub" }, t("people.invite_once", { date: fullDate(expires) })),
      el("div", { class: "value" }, el("span", { class: "cut", translate: "no" }, link), copyButton(() => link, { kind: "primary" })),
    ],
    actions: [button(t("people.done"), { click: () => dialog.close() })],
  });
}
