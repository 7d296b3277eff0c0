// Icons from the sprite icons.svg (Lucide). They are decoration: what a control does stands in its text or label.

const short = document.body.dataset.page === "link" ? ".link" : ""; // that page has a sprite of its own, with its icons alone: static/light_pages.go
const sprite = document.getElementById("sprite") ? "" : new URL(`icons${short}.svg`, import.meta.url).href; // a page may have it in itself
const SVG = "http://www.w3.org/2000/svg";

/**
 * An icon in the colour of the text around it, 20 px unless the style sheet says otherwise.
 * @param {string} name the id of a symbol in icons.svg, such as "folder"
 * @param {string} [className] more classes
 * @returns {SVGSVGElement}
 */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
