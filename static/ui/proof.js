// Asks for the password once more, where the server wants to see it.
import { prove } from "../account.js";
import { ApiError } from "../api.js";
import { t } from "../texts.js";
import { button } from "./button.js";
import { openDialog } from "./dialog.js";
import { el } from "./element.js";
import { form } from "./form.js";
import { passwordField } from "./password-field.js";
import { sentence } from "./problem.js";

/**
 * Makes a call that may need proof: where the server asks for it, so does a dialog, and the call is made again.
 * @template T
 * @param {() => Promise<T>} call
 * @param {string} name of the account, for password managers
 * @returns {Promise<T | undefined>} undefined if the person would not
 * @throws what the call throws
 */
export async function withProof(call, name) {
  try {
    return await call();
  } catch (err) {
    if (!(err instanceof ApiError) || err.code !== "proof_needed") throw err;
  }
  if (!await askProof(name)) return undefined;
  return call();
}

/** @param {string} name */
async function askProof(name) {
  const password = passwordField();
  const asking = form({
    content: [userField(name), password.element],
    action: t("proof.action"),
    working: t("proof.working"),
    others: [button(t("ui.cancel"), { click: () => dialog.close(false) })],
    async send() {
      if (password.input.value === "") return password.problem(t("password.missing"));
      await prove(password.input.value);
      dialog.close(true);
    },
    explain(err) {
      if (!(err instanceof ApiError) || err.code !== "wrong_password") return sentence(err);
      password.problem(t("password.wrong"));
      return "";
    },
  });
  /** @type {import("./dialog.js").Dialog<boolean>} */
  const dialog = openDialog({ title: t("proof.title"), content: [el("p", { class: "sub" }, t("proof.text")), asking.element] });
  return await dialog.closed ?? false;
}

/**
 * The account's name as an unseen field, without which password managers do not know whose password a form is about.
 * @param {string} name
 * @returns {HTMLInputElement}
 */
export function userField(name) {
  return el("input", { class: "unseen", type: "text", name: "username", autocomplete: "username", value: name, readonly: true, tabindex: "-1", "aria-hidden": "true" });
}
