// /operator: how the server is, for whoever runs it. What takes long to say stands at addresses of its own: its links, and what was reported.
import { api } from "../api.js";
import { setTitle } from "../shell.js";
import { t } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { card } from "../operator/card.js";
import { backupFacts, facts, warnings } from "../operator/facts.js";
import { failuresCard } from "../operator/failures-card.js";
import { follow } from "../operator/follow.js";
import { operatorHead } from "../operator/head.js";
import { spaceCard } from "../operator/space-card.js";
import { transfersCard } from "../operator/transfers-card.js";

const EVERY = 60_000; // milliseconds

export const style = "operator.css";

/** @type {import("../router.js").Show} */
export function show(main, { query }) {
  setTitle(t("server.title"));
  const gone = new AbortController();
  const signal = gone.signal;
  const troubles = el("div", { class: "troubles", role: "status" });
  const server = card(t("server.facts"), { rows: 4 });
  const backups = card(t("server.backups"));
  /** @type {import("../operator/facts.js").Overview | null} */
  let overview = null;
  /** @type {import("../operator/space-chart.js").Sample | null} */
  let space = null;
  let said = "";

  function tell() {
    if (overview === null) return;
    const words = JSON.stringify([overview, space]);
    if (words === said) return;
    said = words;
    fill(troubles, warnings(overview, space));
    fill(server.body, facts(overview, space));
    fill(backups.body, backupFacts(overview), el("p", { class: "quiet" }, t("server.backup.how")));
    server.fine();
    backups.fine();
  }

  const again = follow({
    /** @returns {Promise<import("../operator/facts.js").Overview>} */
    load: () => api("GET", "/api/operator/overview", undefined, { signal }),
    show(answer) {
      overview = answer;
      tell();
    },
    failed(error) {
      said = "";
      server.failed(error, () => again());
      backups.failed(error, () => again());
    },
    every: EVERY,
    signal,
  });
  fill(main, operatorHead("overview"), troubles, el("div", { class: "cards" },
    spaceCard({ days: query.get("days"), signal, low(now) {
      space = now;
      tell();
    } }),
    transfersCard({ signal }), failuresCard({ signal }), server.element, backups.element));
  return () => gone.abort();
}
