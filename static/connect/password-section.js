/**
 * The first part of connecting: an app password, made on the spot and shown as long as the page is open.
 */
import { api } from "../api.js";
import { t } from "../texts.js";
import { button } from "../ui/button.js";
import { copyButton } from "../ui/copy.js";
import { el, fill } from "../ui/element.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { withProof } from "../ui/proof.js";

/** @typedef {import("../ui/app-passwords.js").AppPassword} AppPassword */

/**
 * @param {object} options
 * @param {string} options.name of the account
 * @param {string} options.label what the password is for, as a proposal
 * @param {(made: AppPassword | null) => void} options.made called with each that is made; null where another is wanted
 * @returns {{element: HTMLElement, propose: (label: string) => void}}
 */
export function passwordSection({ name, label, made }) {
  const place = el("div", {});
  let proposal = label;

  function ask() {
    const what = field({ label: t("settings.app_password_label"), name: "label", value: proposal, maxlength: 60, attributes: { autocapitalize: "sentences" } });
    const asking = form({
      content: [what.element],
      action: t("connect.make"),
      working: t("settings.app_password_making"),
      async send() {
        const text = what.input.value.trim();
        if (text === "") return what.problem(t("settings.app_password_label_missing"));
        /** @type {AppPassword | undefined} */
        const answer = await withProof(() => api("POST", "/api/app-passwords", { label: text }), name);
        if (!answer) return;
        show(answer);
        made(answer);
      },
    });
    fill(place, asking.element);
    return what.input;
  }

  /** @param {AppPassword} answer */
  function show(answer) {
    const another = button(t("connect.another"), {
      icon: "plus",
      click: () => {
        made(null);
        ask().focus();
      },
    });
    const secret = el("span", { translate: "no", tabindex: "-1" }, answer.password);
    fill(place, el("p", {}, t("connect.made", { label: answer.label })),
      el("div", { class: "value" }, secret, copyButton(() => answer.password ?? "", { kind: "primary" })),
      el("p", { class: "actions" }, another));
    secret.focus({ preventScroll: true });
  }

  ask();
  return {
    element: el("section", { class: "section" }, el("h2", {}, t("connect.first")), el("p", {}, t("connect.first_what")), place),
    /** Another system was chosen: what nobody has typed into yet follows it. @param {string} next */
    propose(next) {
      const input = place.querySelector("input[name=label]");
      if (input instanceof HTMLInputElement && input.value === proposal) input.value = next;
      proposal = next;
    },
  };
}
