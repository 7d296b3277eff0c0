// The switches in the footer of every page: without script they could do nothing, so they are hidden until this runs.
const place = document.getElementById("choices");
if (place) {
  place.addEventListener("change", async ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    const { chooseLanguage, chooseTheme } = await import("./choices.js");
    if (target.name === "language") chooseLanguage(target.value);
    else chooseTheme(target.value);
  });
  place.hidden = false;
}
