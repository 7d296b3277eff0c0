/**
 * The third part of connecting: a test of the way to the drive, and a look whether the computer has come.
 */
import { api } from "../api.js";
import { icon } from "../icons.js";
import { bytes, t } from "../texts.js";
import { busy, button, isBusy } from "../ui/button.js";
import { el, fill } from "../ui/element.js";
import { sentence } from "../ui/problem.js";
import { withProof } from "../ui/proof.js";
import { testConnection } from "./test.js";

/** @typedef {import("../ui/app-passwords.js").AppPassword} AppPassword */

/** Milliseconds between two looks whether an app password was used. */
const pause = 3_000;

/**
 * @param {object} options
 * @param {string} options.name of the account
 * @param {string} options.address of the WebDAV door
 * @param {AbortSignal} options.signal
 * @returns {{element: HTMLElement, watch: (made: AppPassword | null) => void}} watch: waits for the first use of an app password
 */
export function testSection({ name, address, signal }) {
  const list = el("ul", { class: "lines connect-results", "aria-label": t("connect.results"), "aria-live": "polite" });
  const problem = el("div", { role: "alert" });
  const elsewhere = new URL(address).origin !== location.origin;
  const start = button(t("connect.test"), { kind: "soft", click: () => !isBusy(start) && void busy(start, run, t("connect.testing")) });

  async function run() {
    fill(list);
    fill(problem);
    try {
      /** @type {AppPassword | undefined} */
      const made = await withProof(() => api("POST", "/api/app-passwords", { label: t("connect.test_label") }), name);
      if (!made) return;
      try {
        for await (const result of testConnection({ address, name, password: made.password ?? "", signal })) list.append(line(result));
      } finally {
        await api("DELETE", `/api/app-passwords/${made.id}`);
      }
    } catch (error) {
      if (!signal.aborted) fill(problem, el("div", { class: "notice bad" }, icon("circle-alert"), el("p", {}, sentence(error))));
    }
  }

  const seen = el("p", { class: "connect-seen", role: "status" });
  let turn = 0;

  /** @param {AppPassword | null} made */
  async function watch(made) {
    const mine = ++turn;
    fill(seen, made && [el("span", { class: "spinner", "aria-hidden": "true" }), el("span", {}, t("connect.waiting", { label: made.label }))]);
    while (made && mine === turn && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (mine !== turn || signal.aborted || document.visibilityState === "hidden") continue;
      try {
        /** @type {AppPassword[]} */
        const all = (await api("GET", "/api/app-passwords", undefined, { signal })).app_passwords;
        const there = all.find(({ id }) => id === made.id);
        if (mine !== turn) return;
        if (there && !there.used) continue;
        fill(seen, there && [icon("circle-check"), el("span", {}, t("connect.arrived", { label: made.label }))]);
        return;
      } catch {
        // the next look may do
      }
    }
  }

  return {
    element: el("section", { class: "section" }, el("h2", {}, t("connect.third")), seen,
      elsewhere
        ? el("p", {}, t("connect.elsewhere", { here: location.host, there: new URL("../connect", address).href }))
        : [el("p", {}, t("connect.third_what")), list, problem, el("p", { class: "actions" }, start)]),
    watch: (made) => void watch(made),
  };
}

const icons = { good: "circle-check", warning: "triangle-alert", bad: "circle-x" };

/** @param {import("./test.js").Result} result */
function line({ check, state, fault, method, status }) {
  const why = fault && t(`connect.fault.${fault}`, { method, status: String(status), size: bytes(1024 * 1024) });
  return el("li", { class: `line ${state}` }, icon(icons[state]),
    el("div", { class: "what" }, el("b", {}, t(`connect.check.${check}`)), el("span", { class: "unseen" }, `: ${t(`connect.state.${state}`)}`),
      why && el("small", {}, why)));
}
