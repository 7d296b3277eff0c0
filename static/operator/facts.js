// What runs here, on what, and when it was last looked after; and what of it the operator has to do something about.
import { bytes, fullDate, number, relative, t } from "../texts.js";
import { icon } from "../icons.js";
import { el } from "../ui/element.js";

/**
 * @typedef {object} Overview  the answer of GET /api/operator/overview
 * @property {string} version
 * @property {string} go
 * @property {string} system
 * @property {string} source
 * @property {string} started
 * @property {string} file_system
 * @property {"" | "memory" | "network" | "simple"} file_system_kind
 * @property {{by: "files" | "acme" | "local-ca", until: string | null} | null} certificate
 * @property {{at: string, name: string, files: number, bytes: number, unread: number, lost: number} | null} backup
 * @property {{at: string, name: string, damaged: number} | null} backup_check
 * @property {string | null} backup_failed
 * @property {{last: string | null, done: number, failed: number}} sweeps
 * @property {{last: string | null, drives: number}} counted
 */

const DAY = 86_400_000;
const OLD_BACKUP = 7, SOON = 14; // days

/**
 * What needs somebody, worst first.
 * @param {Overview} overview
 * @param {import("./space-chart.js").Sample | null} space as it is now; null: not known yet
 * @returns {HTMLElement[]}
 */
export function warnings({ backup, backup_check: check, backup_failed: failed, certificate, file_system_kind: kind, sweeps }, space) {
  const age = backup ? (Date.now() - Date.parse(backup.at)) / DAY : Infinity;
  /** @type {[boolean, string, boolean][]} whether it is so, the words, whether it is bad */
  const all = [
    [space !== null && space.free < space.size / 10, space ? t("server.warn.disk", { free: bytes(space.free), size: bytes(space.size) }) : "", true],
    [kind !== "", kind && t(`server.warn.file_system_${kind}`), kind === "memory"],
    [certificate !== null && certificate.until === null, t("server.warn.no_certificate"), true],
    [Boolean(certificate?.until && Date.parse(certificate.until) - Date.now() < SOON * DAY), t("server.warn.certificate", { when: relative(certificate?.until) }), true],
    [backup === null, t("server.warn.no_backup"), false],
    [backup !== null && age > OLD_BACKUP, t("server.warn.old_backup", { when: relative(backup?.at) }), false],
    [failed !== null && (!backup || failed > backup.at), t("server.warn.backup_failed", { when: relative(failed) }), true],
    [(backup?.unread ?? 0) > 0, t("server.warn.unread", { count: backup?.unread ?? 0 }), true],
    [(backup?.lost ?? 0) > 0, t("server.warn.lost", { count: backup?.lost ?? 0 }), true],
    [(check?.damaged ?? 0) > 0, t("server.warn.damaged", { name: check?.name ?? "", count: check?.damaged ?? 0 }), true],
    [sweeps.failed > 0, t("server.warn.sweeps", { count: sweeps.failed }), false],
  ];
  return all.filter(([so]) => so).map(([, words, bad]) => el("div", { class: bad ? "notice bad" : "notice warn" }, icon("triangle-alert"), el("p", {}, words)));
}

/**
 * @param {Overview} overview
 * @param {import("./space-chart.js").Sample | null} space
 * @returns {HTMLElement}
 */
export function facts({ version, go, system, source, started, file_system: fileSystem, certificate, sweeps, counted }, space) {
  return el("dl", { class: "server-facts" },
    fact(t("server.version"), el("span", { translate: "no" }, version), el("small", {}, t("server.version_what"), " ", el("a", { class: "link-btn", href: source }, t("server.source")))),
    fact(t("server.built"), el("span", { translate: "no" }, `${go} · ${system}`)),
    fact(t("server.started"), moment(started)),
    fact(t("server.file_system"), el("span", { translate: "no" }, fileSystem || t("server.unknown")), space && el("small", {}, t("server.disk", { free: bytes(space.free), size: bytes(space.size) }))),
    fact(t("server.certificate"), certificate === null ? t("server.certificate_none") : certificate.until === null ? t("server.certificate_not_yet") : moment(certificate.until),
      certificate && el("small", {}, t(`server.certificate_${certificate.by.replace("-", "_")}`))),
    fact(t("server.swept"), sweeps.last === null ? t("server.not_yet") : moment(sweeps.last)),
    fact(t("server.counted"), counted.last === null ? t("server.not_yet") : moment(counted.last)));
}

/**
 * @param {Overview} overview
 * @returns {HTMLElement}
 */
export function backupFacts({ backup, backup_check: check, backup_failed: failed }) {
  return el("dl", { class: "server-facts" },
    fact(t("server.backup.last"), backup === null ? t("server.backup.none") : moment(backup.at),
      backup && backup.name !== "" && el("small", {}, t("server.backup.what", { count: backup.files, size: bytes(backup.bytes) }))),
    failed !== null && (!backup || failed > backup.at) && fact(t("server.backup.failed"), moment(failed)),
    fact(t("server.backup.check"), check === null ? t("server.backup.unchecked") : moment(check.at),
      check && el("small", {}, check.damaged === 0 ? t("server.backup.whole", { name: check.name }) : t("server.backup.damaged", { name: check.name, count: number(check.damaged) }))));
}

/**
 * @param {string} name
 * @param {...(Node | string | null | false)} value
 */
function fact(name, ...value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, value));
}

/** @param {string} at */
function moment(at) {
  return el("time", { datetime: at, title: relative(at) }, fullDate(at));
}
