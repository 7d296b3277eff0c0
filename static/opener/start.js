/**
 * Begins the opener: chooses the language, and gives its texts before any module runs that shows some.
 */
const slot = "thorpe/opener/language";

/** @type {Map<string, string>} by language: a catalog */
const catalogs = new Map();
for (const element of document.querySelectorAll("script.texts")) catalogs.set(element.getAttribute("lang") ?? "", element.textContent ?? "");

const wanted = [chosen(), ...navigator.languages.map((tag) => tag.split("-")[0]), "en"];
const language = wanted.find((tag) => catalogs.has(tag)) ?? "en";
document.documentElement.lang = language;

const choice = /** @type {HTMLSelectElement} */ (document.getElementById("language"));
for (const [tag, catalog] of catalogs) choice.add(new Option(JSON.parse(catalog)["language.name"], tag, false, tag === language));
choice.addEventListener("change", () => {
  try {
    localStorage.setItem(slot, choice.value);
  } catch {
    return; // storage is switched off: the browser's language it stays
  }
  location.reload();
});

void begin();

async function begin() {
  const { take } = await import("../texts.js");
  take(JSON.parse(catalogs.get(language) ?? "{}"));
  await import("./opener.js");
}

/** @returns {string} */
function chosen() {
  try {
    return localStorage.getItem(slot) ?? "";
  } catch {
    return "";
  }
}
