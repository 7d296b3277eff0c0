// Names a browser and its system from a User-Agent, well enough to tell one's own devices apart.
import { t } from "../texts.js";

/** @type {[RegExp, string][]} the first that fits; most browsers also name those that they descend from */
const browsers = [
  [/\bthorpe\b/i, "thorpe"], [/Edg(e|A|iOS)?\//, "Edge"], [/OPR\/|Opera/, "Opera"], [/SamsungBrowser\//, "Samsung Internet"], [/Firefox\/|FxiOS\//, "Firefox"],
  [/HeadlessChrome\/|Chrome\/|CriOS\//, "Chrome"], [/Version\/.*Safari\//, "Safari"],
];

/** @type {[RegExp, string][]} */
const systems = [
  [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS X|Macintosh/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux/, "Linux"],
];

/**
 * @param {string} agent a User-Agent header
 * @returns {string} such as "Firefox on Linux"
 */
export function agentName(agent) {
  const browser = browsers.find(([pattern]) => pattern.test(agent))?.[1];
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser && system) return t("agent.on", { browser, system });
  return browser ?? system ?? (agent.slice(0, 60) || t("settings.session_unknown"));
}

/**
 * @param {string} agent
 * @returns {string} the icon for such a device
 */
export function agentIcon(agent) {
  if (/iPhone|Android.*Mobile/.test(agent)) return "smartphone";
  return /Mozilla/.test(agent) ? "monitor" : "laptop";
}
