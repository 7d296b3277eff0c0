// /invite: a guest's account, by the link that the operator gave them.
import { invitation } from "../account.js";
import { t } from "../texts.js";
import { askForAccount } from "../ui/account-form.js";
import { el } from "../ui/element.js";
import { sentence } from "../ui/problem.js";
import { forgetToken, takeToken } from "../ui/token.js";
import { startSheet } from "../shell.js";

startSheet(async (main) => {
  const token = takeToken();
  if (!token) return t("invite.no_token");
  try {
    const found = await invitation(token);
    main.append(el("p", { class: "sub" }, t("invite.what", { host: location.host })));
    askForAccount(main, { token, name: found.name, action: t("invite.action") });
  } catch (err) {
    return said(err);
  }
  return "";
});

/** @param {unknown} err */
function said(err) {
  const code = err instanceof Error && "code" in err ? err.code : "";
  if (code !== "bad_token" && code !== "bad_request") return sentence(err);
  forgetToken();
  return t("invite.bad_token");
}
