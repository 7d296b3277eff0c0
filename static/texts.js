// The texts of the pages. Every sentence that a person reads stands in texts/LANG.json under a flat key ("area.name"), never in code;
// the language is that of the page (<html lang>), which the server chose by the visitor's word (choices.js) or their browser's.

const lang = document.documentElement.lang || "en";
const plurals = new Intl.PluralRules(lang);

// Times and numbers are written as where the visitor lives: a page in English shows 14:05 to a Briton and 2:05 PM to an American.
const locale = visitorsForm();

/** The first of the visitor's languages that is a form of the page's, such as "en-GB"; else the page's own. */
function visitorsForm() {
  for (const tag of navigator.languages ?? []) {
    try {
      const form = new Intl.Locale(tag);
      if (form.language === new Intl.Locale(lang).language && Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0) return tag;
    } catch {
      // no language tag, such as "C"
    }
  }
  return lang;
}

/** @type {Readonly<Record<string, string>> | undefined} */
let given;

/**
 * Takes the texts. texts/LANG.js does, a script that stands in each page before those that show any. (They are not awaited here: WebKit runs modules that are imported
 * at once before what they import, where a module of that graph awaits something. https://bugs.webkit.org/show_bug.cgi?id=242740)
 * @param {Readonly<Record<string, string>>} catalog by key
 */
export function take(catalog) {
  given = catalog;
}

function texts() {
  if (!given) throw new Error("the texts have not come");
  return given;
}

const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * A name without what turns the direction of writing round: "evil" + U+202E + "gpj.exe" would look like a picture.
 * @param {string} name
 */
export const harmless = (name) => name.replace(TURNS, "\uFFFD");

/**
 * The text of a key, with {name} replaced from values. Where values has a number `count` and the catalog has key.one and key.other
 * (or other plural forms of the language), the form that fits is taken. A missing key gives the key itself, and an error in the console.
 * @param {string} key
 * @param {Record<string, string | number>} [values] numbers are written as the language writes them
 * @returns {string}
 */
export function t(key, values = {}) {
  const all = texts();
  let text = all[key];
  if (typeof values.count === "number") {
    text = all[`${key}.${plurals.select(values.count)}`] ?? all[`${key}.other`] ?? text;
  }
  if (text === undefined) {
    console.error(`there is no text "${key}"`);
    return key;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : harmless(value);
  });
}

/**
 * @param {string} key
 * @returns {boolean} whether the catalog has it
 */
export function hasText(key) {
  return Object.hasOwn(texts(), key);
}

/**
 * A number as the visitor writes it: "10,000".
 * @param {number} value
 * @returns {string}
 */
export function number(value) {
  return value.toLocaleString(locale);
}

/**
 * A size for people, in powers of 1000 as disks are sold and file explorers other than Windows show them: "4.2 MB".
 * @param {number} size in bytes
 * @returns {string}
 */
export function bytes(size) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit < 2 || size >= 99.95 ? 0 : 1;
  return new Intl.NumberFormat(locale, {
    style: "unit", unit: units[unit], unitDisplay: unit === 0 ? "long" : "short", minimumFractionDigits: 0, maximumFractionDigits: digits,
  }).format(size);
}

/**
 * A moment for a list: today the time, this week the weekday and time, this year day and month, else the date.
 * @param {Date | string | null | undefined} when
 * @param {Date} [now]
 * @returns {string} empty for no date
 */
export function date(when, now = new Date()) {
  const d = moment(when);
  if (!d) return "";
  const days = (midnight(now) - midnight(d)) / 86_400_000;
  /** @type {Intl.DateTimeFormatOptions} */
  let form = { day: "numeric", month: "short", year: "numeric" };
  if (days > -0.5 && days < 0.5) form = { hour: "2-digit", minute: "2-digit" };
  else if (days > 0 && days < 6.5) form = { weekday: "short", hour: "2-digit", minute: "2-digit" };
  else if (d.getFullYear() === now.getFullYear()) form = { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(locale, form).format(d);
}

/**
 * Writes times as the visitor does: what is made once for many.
 * @param {Intl.DateTimeFormatOptions} options
 */
export const timeForm = (options) => new Intl.DateTimeFormat(locale, options);

/**
 * A moment with everything, for titles and details.
 * @param {Date | string | null | undefined} when
 * @returns {string} empty for no date
 */
export function fullDate(when) {
  const d = moment(when);
  return d ? new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" }).format(d) : "";
}

/**
 * How long ago or ahead: "3 minutes ago", "in 7 days", "now".
 * @param {Date | string | null | undefined} when
 * @param {Date} [now]
 * @returns {string} empty for no date
 */
export function relative(when, now = new Date()) {
  const d = moment(when);
  if (!d) return "";
  const seconds = (d.getTime() - now.getTime()) / 1000;
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(...coarse(Math.abs(seconds) < 50 ? 0 : seconds));
}

/**
 * A length of time for waiting: "40 seconds", "3 minutes".
 * @param {number} seconds
 * @returns {string}
 */
export function duration(seconds) {
  const [value, unit] = coarse(Math.max(1, Math.ceil(seconds)));
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.abs(value));
}

/** @param {number} seconds @returns {[number, Intl.RelativeTimeFormatUnitSingular]} */
function coarse(seconds) {
  const size = Math.abs(seconds);
  if (size < 50) return [Math.round(seconds), "second"];
  if (size < 50 * 60) return [Math.round(seconds / 60), "minute"];
  if (size < 22 * 3600) return [Math.round(seconds / 3600), "hour"];
  if (size < 45 * 86400) return [Math.round(seconds / 86400), "day"];
  if (size < 345 * 86400) return [Math.round(seconds / (30.44 * 86400)), "month"];
  return [Math.round(seconds / (365.25 * 86400)), "year"];
}

/** @param {Date | string | null | undefined} when */
function moment(when) {
  if (!when) return null;
  const d = when instanceof Date ? when : new Date(when);
  return Number.isNaN(d.getTime()) ? null : d;
}

/** @param {Date} d */
function midnight(d) {
  return new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
}
