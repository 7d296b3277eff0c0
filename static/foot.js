// The switches in the footer of every page: without script they could do nothing, so they are hidden until this runs.
import { chooseLanguage, chooseTheme } from "./choices.js";

const place = document.getElementById("choices");
if (place) {
  place.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    if (target.name === "language") chooseLanguage(target.value);
    else chooseTheme(target.value);
  });
  place.hidden = false;
}
