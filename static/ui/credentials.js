// Dialogs that change what an account is got into with: its password and its recovery key.
import { changePassword as change, changeRecoveryKey } from "../account.js";
import { ApiError } from "../api.js";
import { t } from "../texts.js";
import { button } from "./button.js";
import { openDialog } from "./dialog.js";
import { el } from "./element.js";
import { form } from "./form.js";
import { newPasswordField, passwordField } from "./password-field.js";
import { sentence } from "./problem.js";
import { userField } from "./proof.js";
import { recoveryKeyPanel } from "./recovery-key.js";
import { toast } from "./toast.js";

/**
 * Asks for the old and a new password, and changes it.
 * @param {string} name of the account
 */
export function changePassword(name) {
  const old = passwordField({ label: t("password.old") });
  const fresh = newPasswordField({ known: () => [name, ...location.hostname.split(".")] });
  const asking = form({
    content: [userField(name), old.element, fresh.element],
    action: t("settings.password_change"),
    working: t("account.making"),
    others: [button(t("ui.cancel"), { click: () => dialog.close() })],
    async send() {
      if (old.input.value === "") old.problem(t("password.missing"));
      if (!fresh.check() || old.input.value === "") return;
      await change(old.input.value, fresh.input.value);
      dialog.close();
      toast(t("settings.password_changed"), { kind: "done" });
    },
    explain: (err) => wrongPassword(err, old),
  });
  const dialog = openDialog({ title: t("settings.password_change"), content: asking.element });
}

/**
 * Asks for the password, makes a new recovery key, and shows it.
 * @param {string} name of the account
 */
export function newRecoveryKey(name) {
  const password = passwordField();
  const asking = form({
    content: [el("p", { class: "sub" }, t("settings.recovery_key_what")), userField(name), password.element],
    action: t("settings.recovery_key_make"),
    working: t("account.making"),
    others: [button(t("ui.cancel"), { click: () => dialog.close() })],
    async send() {
      if (password.input.value === "") return password.problem(t("password.missing"));
      const recoveryKey = await changeRecoveryKey(password.input.value);
      dialog.close();
      showRecoveryKey(recoveryKey, name);
    },
    explain: (err) => wrongPassword(err, password),
  });
  const dialog = openDialog({ title: t("settings.recovery_key_new"), content: asking.element });
}

/** @param {string} recoveryKey @param {string} name */
function showRecoveryKey(recoveryKey, name) {
  const dialog = openDialog({
    title: t("recovery_key.title"), keep: true,
    content: recoveryKeyPanel({ recoveryKey, name, action: t("settings.recovery_key_done"), done: () => dialog.close() }),
  });
}

/**
 * Tells a wrong password at its field, and everything else in the form.
 * @param {unknown} err
 * @param {import("./field.js").Field} password
 */
function wrongPassword(err, password) {
  if (!(err instanceof ApiError) || err.code !== "wrong_password") return sentence(err);
  password.problem(t("password.wrong"));
  return "";
}
