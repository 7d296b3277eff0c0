// /recover: back into an account without its password, by the recovery key.
import { recover } from "../account.js";
import { lastName } from "../account-store.js";
import { ApiError } from "../api.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { showRecoveryKey } from "../ui/account-form.js";
import { el } from "../ui/element.js";
import { field } from "../ui/field.js";
import { form } from "../ui/form.js";
import { newPasswordField } from "../ui/password-field.js";
import { sentence } from "../ui/problem.js";
import { looksWhole, readRecoveryKey } from "../ui/recovery-typing.js";
import { startSheet } from "../shell.js";

startSheet(async (main) => {
  const user = field({ label: t("account.name"), name: "username", autocomplete: "username", maxlength: 64, attributes: { required: true },
    value: await lastName().catch(() => "") });
  const key = field({ label: t("recover.key"), name: "recovery-key", hint: t("recover.key_hint"), maxlength: 200, rows: 3, attributes: { required: true, class: "input mono" } });
  const password = newPasswordField({ known: () => [user.input.value, ...location.hostname.split(".")] });
  // As soon as all of it is there, and not when the field is left: the page must not move under a click on what comes next.
  key.input.addEventListener("input", async () => {
    const typed = key.input.value;
    if (!looksWhole(typed)) return;
    const { wrong } = await readRecoveryKey(typed);
    if (key.input.value === typed) key.problem(wrong);
  });
  const asking = form({
    content: [user.element, key.element, password.element],
    action: t("recover.action"),
    working: t("account.making"),
    wide: true,
    async send() {
      const name = user.input.value.trim().toLowerCase();
      if (name === "") user.problem(t("account.name_missing"));
      const { recoveryKey, wrong } = await readRecoveryKey(key.input.value);
      key.problem(wrong);
      if (!password.check() || !recoveryKey || name === "") return;
      const fresh = await recover(name, recoveryKey, password.input.value);
      showRecoveryKey(main, fresh, name);
    },
    explain: (err) => (err instanceof ApiError && err.code === "wrong_recovery_key" ? t("recover.wrong") : sentence(err)),
  });
  main.append(el("p", { class: "sub" }, t("recover.what")), asking.element,
    el("p", { class: "after" }, t("recover.remember"), " ", el("a", { href: at("/") }, t("recover.signin"))));
  (user.input.value ? key : user).input.focus();
  return "";
});
