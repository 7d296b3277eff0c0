// The form that makes an account: for the operator's at setup, and for a guest's by invite.
import { createAccount } from "../account.js";
import { ApiError } from "../api.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { el, fill } from "./element.js";
import { field } from "./field.js";
import { form } from "./form.js";
import { newPasswordField } from "./password-field.js";
import { sentence } from "./problem.js";
import { recoveryKeyPanel } from "./recovery-key.js";
import { forgetToken } from "./token.js";

/**
 * What a name may be, as the server has it.
 * @param {string} name
 * @returns {boolean}
 */
export function isName(name) {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/i.test(name) && !name.endsWith(".") && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
}

/**
 * Asks for name and password, makes the keys and the account, shows the recovery key, and goes to the drive.
 * @param {HTMLElement} main what stands after its heading is replaced
 * @param {{token: string, name: string, action: string}} options name: fixed by the invite, or empty
 */
export function askForAccount(main, { token, name, action }) {
  const user = field({ label: t("account.name"), name: "username", autocomplete: "username", value: name, readonly: name !== "", maxlength: 32,
    hint: name === "" ? t("account.name_hint") : undefined, attributes: { required: true, autofocus: name === "" } });
  const password = newPasswordField({ known: () => [user.input.value, location.hostname, ...location.hostname.split(".")] });
  const asking = form({
    content: [user.element, password.element, el("p", { class: "quiet" }, t("account.password_why"))],
    action,
    working: t("account.making"),
    wide: true,
    async send() {
      const typed = user.input.value.trim().toLowerCase();
      if (!isName(typed)) user.problem(t("error.bad_name"));
      if (!password.check() || !isName(typed)) return;
      const recoveryKey = await createAccount({ token, name: typed, password: password.input.value });
      forgetToken();
      showRecoveryKey(main, recoveryKey, typed);
    },
    explain(err) {
      if (!(err instanceof ApiError) || (err.code !== "name_taken" && err.code !== "bad_name")) return sentence(err);
      user.problem(sentence(err));
      return "";
    },
  });
  fill(main, main.querySelector("h1"), ...[...main.querySelectorAll(".sub")], asking.element);
  (name === "" ? user : password).input.focus();
}

/**
 * @param {HTMLElement} main
 * @param {string} recoveryKey
 * @param {string} name
 */
export function showRecoveryKey(main, recoveryKey, name) {
  const heading = el("h1", { tabindex: "-1" }, t("recovery_key.title"));
  const leave = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
  addEventListener("beforeunload", leave);
  fill(main, heading, recoveryKeyPanel({
    recoveryKey, name, action: t("recovery_key.go"),
    done() {
      removeEventListener("beforeunload", leave);
      location.assign(at("/"));
    },
  }));
  heading.focus();
  scrollTo(0, 0);
}
