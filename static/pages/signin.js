// Sign-in, at whatever address the app would be: once it is done, that address is loaded again.
import { lastName } from "../account-store.js";
import { at } from "../base.js";
import { t } from "../texts.js";
import { el } from "../ui/element.js";
import { signInForm } from "../ui/signin-form.js";
import { startSheet } from "../shell.js";

startSheet(async (main) => {
  let name = "";
  try {
    name = await lastName();
  } catch {
    // Without storage nothing is remembered; signing in will say so.
  }
  main.append(
    signInForm({ name, done: () => location.replace(location.href.split("#")[0] ?? at("/")) }),
    el("p", { class: "after" }, t("signin.forgot"), " ", el("a", { href: at("/recover") }, t("signin.recover"))));
  const first = main.querySelector(name ? "[name=password]" : "[name=username]");
  if (first instanceof HTMLElement) first.focus();
  return "";
});
