// The account's sessions: where it is signed in.
import { api } from "../api.js";
import { icon } from "../icons.js";
import { date, fullDate, relative, t } from "../texts.js";
import { agentIcon, agentName } from "./agent.js";
import { busy, button } from "./button.js";
import { el } from "./element.js";
import { lines } from "./lines.js";
import { sentence } from "./problem.js";
import { toast } from "./toast.js";

/** @typedef {{id: string | number, created: string, seen: string, agent: string, current: boolean}} Session */

/**
 * @param {{signal: AbortSignal}} options
 * @returns {HTMLElement}
 */
export function sessionSection({ signal }) {
  const list = lines({
    label: t("settings.sessions"),
    load: async () => /** @type {Session[]} */ ((await api("GET", "/api/sessions", undefined, { signal })).sessions),
    line(item, reload) {
      const endButton = button(t("settings.session_end"), { kind: "danger", click: () => busy(endButton, () => end(item, reload)) });
      return el("li", { class: "line" },
        icon(agentIcon(item.agent)),
        el("div", { class: "what" }, el("b", { title: item.agent }, agentName(item.agent)),
          el("small", { title: fullDate(item.seen) }, t("settings.session_since", { created: date(item.created), seen: relative(item.seen) }))),
        item.current ? el("span", { class: "pill" }, t("settings.session_this")) : endButton);
    },
  });
  list.reload();
  return el("section", { class: "section" }, el("h2", {}, t("settings.sessions")), el("p", {}, t("settings.sessions_what")), list.element);
}

/** @param {Session} item @param {() => Promise<void>} reload */
async function end(item, reload) {
  try {
    await api("DELETE", `/api/sessions/${encodeURIComponent(item.id)}`);
    toast(t("settings.session_ended"), { kind: "done" });
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
  await reload();
}
