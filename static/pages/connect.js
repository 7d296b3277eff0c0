// /connect: how this account's drive comes onto the visitor's computer, for the system it has; ?on=SYSTEM shows another.
import { namedSystem, presentSystem, systems } from "../connect/system.js";
import { passwordSection } from "../connect/password-section.js";
import { stepsSection } from "../connect/steps-section.js";
import { testSection } from "../connect/test-section.js";
import { at } from "../base.js";
import { renameAddress } from "../router.js";
import { setTitle } from "../shell.js";
import { t } from "../texts.js";
import { el, fill } from "../ui/element.js";

export const style = "connect.css";

/** @type {import("../router.js").Show} */
export function show(main, { query }) {
  setTitle(t("connect.title"));
  const name = document.body.dataset.name ?? "";
  const address = document.body.dataset.dav ?? new URL(at("/dav/"), location.href).href;
  const gone = new AbortController();
  let system = namedSystem(query.get("on")) ?? presentSystem();
  let password = "";

  const steps = el("div", {});
  const showSteps = () => fill(steps, stepsSection(system, { address, name, password: password || t("connect.no_password") }));
  const nameOf = (/** @type {import("../connect/system.js").System} */ one) => t(`connect.system.${one}`);

  const test = testSection({ name, address, signal: gone.signal });
  const first = passwordSection({ name, label: nameOf(system), made(made) {
    password = made?.password ?? "";
    showSteps();
    test.watch(made);
  } });

  const switches = systems.map((one) => {
    const id = `system-${one}`;
    const input = el("input", { type: "radio", name: "system", id, value: one, checked: one === system, change: () => choose(one) });
    return el("span", {}, input, el("label", { for: id }, nameOf(one)));
  });

  /** @param {import("../connect/system.js").System} one */
  function choose(one) {
    system = one;
    renameAddress(at(`/connect?on=${one}`));
    first.propose(nameOf(one));
    showSteps();
  }

  showSteps();
  fill(main,
    el("div", { class: "head" }, el("h1", {}, t("connect.title"))),
    el("p", { class: "sub connect-what" }, t("connect.what")),
    el("fieldset", { class: "connect-systems" }, el("legend", { class: "unseen" }, t("connect.systems")), switches),
    first.element, steps, test.element);
  return () => gone.abort();
}
