/**
 * icons.js of the opener: the sprite stands in the page.
 */
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name the id of a symbol in icons.svg, such as "folder"
 * @param {string} [className] more classes
 * @returns {SVGSVGElement}
 */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}
