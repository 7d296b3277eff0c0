// The account's sessions: where it is signed in.
import { api } from "../api.js";
import { icon } from "../icons.js";
import { date, fullDate, relative, t } from "../texts.js";
import { agentIcon, agentName } from "./agent.js";
import { button } from "./button.js";
import { confirm } from "./confirm.js";
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
  /** @type {Session[]} */
  let others = [];
  const everywhere = button(t("settings.session_end_all"), { kind: "soft", icon: "log-out", click: () => endOthers(others.length, list.reload) });
  const line = el("p", { class: "actions", hidden: true }, everywhere);
  const list = lines({
    label: t("settings.sessions"),
    async load() {
      /** @type {Session[]} */
      const all = (await api("GET", "/api/sessions", undefined, { signal })).sessions;
      others = all.filter(({ current }) => !current);
      line.hidden = others.length === 0;
      return [...all.filter(({ current }) => current), ...others];
    },
    line: (item, reload) => el("li", { class: "line" },
      icon(agentIcon(item.agent)),
      el("div", { class: "what" }, el("b", { title: item.agent }, agentName(item.agent)),
        item.current
          ? el("small", {}, t("settings.session_now", { created: date(item.created) }))
          : el("small", { title: fullDate(item.seen) }, t("settings.session_since", timesOf(item)))),
      item.current ? el("span", { class: "pill" }, t("settings.session_this")) : button(t("settings.session_end"), { kind: "danger", click: () => end(item, reload) })),
  });
  list.reload();
  return el("section", { class: "section" }, el("h2", {}, t("settings.sessions")), el("p", {}, t("settings.sessions_what")), list.element, line);
}

/** @param {Session} item */
const timesOf = ({ created, seen }) => ({ created: date(created), seen: relative(seen) });

/** @param {Session} item @param {() => Promise<void>} reload */
async function end(item, reload) {
  const sure = await confirm({
    title: t("settings.session_end_title", { name: agentName(item.agent) }), text: t("settings.session_end_text", timesOf(item)), action: t("settings.session_end"), danger: true,
  });
  if (!sure) return;
  try {
    await api("DELETE", `/api/sessions/${encodeURIComponent(item.id)}`);
    toast(t("settings.session_ended"), { kind: "done" });
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
  await reload();
}

/** @param {number} count @param {() => Promise<void>} reload */
async function endOthers(count, reload) {
  const sure = await confirm({
    title: t("settings.session_all_title", { count }), text: t("settings.session_all_text"), action: t("settings.session_end_all"), danger: true,
  });
  if (!sure) return;
  try {
    const { ended } = await api("DELETE", "/api/sessions");
    toast(t("settings.session_ended_all", { count: ended }), { kind: "done" });
  } catch (err) {
    toast(sentence(err), { kind: "problem" });
  }
  await reload();
}
