/**
 * A link that does not open: what is the matter, in one plain sentence, and what to do next. Nothing about it is told to the server.
 */
import { el, fill, freshID } from "../ui/element.js";
import { button } from "../ui/button.js";
import { icon } from "../icons.js";
import { duration, hasText, t } from "../texts.js";

/** Failures that a whole link, copied once more, may mend. */
const mistyped = new Set(["no_link", "link_not_base64url", "link_cut_off", "link_too_long", "not_found"]);
/** Failures that another try may mend. */
const passing = new Set(["no_connection", "slow_down", "internal", "general"]);

/** @type {Record<string, string>} */
const pictures = {
  tampered: "triangle-alert",
  no_connection: "wifi-off",
  internal: "circle-alert",
  general: "circle-alert",
  slow_down: "clock",
  expired: "clock",
  paused: "pause",
  removed: "ban",
  no_crypto: "shield",
};

/**
 * The name of a failure, under which its sentences stand in the catalog: link.fault.NAME and link.fault.NAME.text.
 * @param {unknown} error SealedError or ApiError
 */
export function faultName(error) {
  const { code = "", reason = "", status = NaN } = /** @type {{code?: string, reason?: string | null, status?: number}} */ (error ?? {});
  if (code === "gone" && reason && hasText(`link.fault.${reason}`)) return reason;
  if (hasText(`link.fault.${code}`)) return code;
  if (error instanceof Error && error.name === "SealedError") return "tampered";
  return status >= 500 ? "internal" : "general";
}

/**
 * @param {unknown} error SealedError or ApiError
 * @param {{again: () => void, open: (link: string) => void}} ways  open: another link that was pasted
 * @returns {HTMLElement}
 */
export function linkFault(error, { again, open }) {
  const name = faultName(error);
  const { retryAfter = null, message = "" } = /** @type {{retryAfter?: number | null, message?: string}} */ (error ?? {});
  const said = name === "slow_down" && retryAfter ? t("link.fault.slow_down.wait", { wait: duration(retryAfter) }) : t(`link.fault.${name}.text`);
  const gone = /** @type {{code?: string}} */ (error ?? {}).code === "gone";
  return el(
    "section",
    { class: "link-fault", role: "alert" },
    icon(pictures[name] ?? "link"),
    el("h1", { tabindex: "-1" }, t(`link.fault.${name}`)),
    el("p", { class: "sub" }, said),
    // The operator's own words, as plain text.
    gone && message ? el("figure", { class: "note" }, el("figcaption", {}, t("link.operator_says")), el("p", { dir: "auto" }, message)) : null,
    passing.has(name) ? el("div", { class: "cta" }, button(t("link.again"), { kind: "primary", icon: "rotate-ccw", click: again })) : null,
    mistyped.has(name) ? pasteForm(open) : null,
  );
}

/**
 * A field for a link that was copied elsewhere.
 * @param {(link: string) => void} open
 * @param {{problem?: string, check?: (link: string) => string}} [options]  problem: what it says at first; check: why a link cannot be opened, "" if it can
 */
export function pasteForm(open, { problem = "", check = (link) => (link === "" ? t("link.paste.empty") : "") } = {}) {
  const id = freshID("link");
  const field = el("input", { id, class: "input mono", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: "https://…/s/#…" });
  const fault = el("p", { class: "problem", role: "alert" }, problem);
  return el(
    "form",
    {
      class: "paste",
      novalidate: true,
      submit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        const link = field.value.trim();
        const wrong = check(link);
        if (!wrong) return open(link);
        fill(fault, wrong);
        field.focus();
      },
    },
    el("div", { class: "field" }, el("label", { for: id }, t("link.paste")), field, fault),
    button(t("link.open"), { kind: "primary", type: "submit" }),
  );
}
