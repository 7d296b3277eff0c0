/**
 * Tells the operator of a link, in words. Only the link's id and these words are sent: no key, no cookie, nothing of what the link holds.
 */
import { ApiError, failure } from "../api.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { button } from "../ui/button.js";
import { openDialog } from "../ui/dialog.js";
import { el } from "../ui/element.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";

/** In characters, as the server counts them. */
const maxReport = 2000;

/** @param {string} id of the link */
export function openReport(id) {
  const text = field({ label: t("report.text"), name: "report", rows: 5, attributes: { autofocus: true, autocapitalize: "sentences" } });
  const contact = document.body.dataset.contact ?? "";
  const asking = form({
    content: [el("p", { class: "sub" }, t("report.what")), text.element, contact && showingContent(contact)],
    action: t("report.send"),
    working: t("report.sending"),
    others: [button(t("ui.cancel"), { click: () => dialog.close() })],
    async send() {
      const words = text.input.value.trim();
      if (words === "") return text.problem(t("report.empty"));
      if ([...words].length > maxReport) return text.problem(t("report.long", { count: maxReport }));
      await send(id, words);
      dialog.close();
      thank();
    },
  });
  const dialog = openDialog({ title: t("report.title"), content: asking.element });
}

/**
 * @param {string} id
 * @param {string} text
 */
async function send(id, text) {
  const answer = await fetch(at(`/api/links/${id}/reports`), {
    method: "POST", credentials: "omit", redirect: "error", cache: "no-store", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }),
  }).catch(() => {
    throw new ApiError(0, "no_connection", "No answer from the server.");
  });
  if (!answer.ok) throw await failure(answer);
}

function thank() {
  const dialog = openDialog({
    title: t("report.sent"), content: el("p", { class: "sub" }, t("report.sent_what")),
    actions: [button(t("share.done"), { kind: "primary", click: () => dialog.close() })],
  });
}

/**
 * For who wants the operator to see the content, which takes the whole link: nothing on this page sends that.
 * @param {string} contact an address of mail, a web address, or other words
 */
function showingContent(contact) {
  const address = /^[^\s@:/]+@[^\s@:/]+$/u.test(contact) ? `mailto:${contact}` : /^https?:\/\/\S+$/u.test(contact) ? contact : null;
  return el("div", { class: "report-contact" }, el("p", {}, t("report.contact")),
    el("p", {}, address ? el("a", { href: address, rel: "noopener noreferrer", target: "_blank", translate: "no" }, contact) : el("b", { translate: "no" }, contact)));
}
