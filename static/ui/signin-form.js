// The sign-in form, on the page of its own and where only the key is missing.
import { signIn, unlock } from "../account.js";
import { ApiError } from "../api.js";
import { t } from "../texts.js";
import { field } from "./field.js";
import { form } from "./form.js";
import { passwordField } from "./password-field.js";
import { sentence } from "./problem.js";

/**
 * @param {object} options
 * @param {string} [options.name] to begin with
 * @param {boolean} [options.unlocking] true: the session is alive and is this name's, only the key is missing
 * @param {() => void} options.done called once the key is here
 * @returns {HTMLFormElement}
 */
export function signInForm({ name = "", unlocking = false, done }) {
  const user = field({ label: t("account.name"), name: "username", autocomplete: "username", value: name, readonly: unlocking, maxlength: 64,
    attributes: { required: true, autofocus: name === "" } });
  const password = passwordField({ attributes: { autofocus: name !== "" } });
  return form({
    content: [user.element, password.element],
    action: t("signin.action"),
    working: t("signin.working"),
    wide: true,
    async send() {
      const typed = user.input.value.trim();
      if (typed === "") return user.problem(t("account.name_missing"));
      if (password.input.value === "") return password.problem(t("password.missing"));
      if (unlocking) await unlock(password.input.value);
      else await signIn(typed, password.input.value);
      done();
    },
    explain(err) {
      if (!(err instanceof ApiError) || err.code !== "wrong_password") return sentence(err);
      password.input.select();
      return t(unlocking ? "password.wrong" : "error.wrong_password");
    },
  }).element;
}
