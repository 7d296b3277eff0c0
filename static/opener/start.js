/**
 * Begins the opener: chooses the language, since the texts are asked for as soon as any other module runs.
 */
const slot = "thorpe/opener/language";

/** @type {Map<string, string>} by language: a catalog */
const catalogs = new Map();
for (const element of document.querySelectorAll("script.texts")) catalogs.set(element.getAttribute("lang") ?? "", element.textContent ?? "");

const wanted = [chosen(), ...navigator.languages.map((tag) => tag.split("-")[0]), "en"];
const language = wanted.find((tag) => catalogs.has(tag)) ?? "en";
document.documentElement.lang = language;
const link = document.createElement("link");
link.id = "texts";
link.href = URL.createObjectURL(new Blob([catalogs.get(language) ?? "{}"], { type: "application/json" }));
document.head.append(link);

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

void import("./opener.js");

/** @returns {string} */
function chosen() {
  try {
    return localStorage.getItem(slot) ?? "";
  } catch {
    return "";
  }
}
