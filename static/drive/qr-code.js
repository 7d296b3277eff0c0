/**
 * A link as a QR code: one SVG path, dark on light whatever the page's colours, for cameras need it so.
 */
import { encode } from "../vendor/uqr.js";
import { t } from "../texts.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} link
 * @returns {SVGSVGElement}
 */
export function qrCode(link) {
  const { size, data } = encode(link, { ecc: "M", border: 4 });
  let path = "";
  for (const [y, row] of data.entries()) {
    for (const [x, dark] of row.entries()) if (dark) path += `M${x} ${y}h1v1h-1z`;
  }
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("share.qr"));
  svg.setAttribute("shape-rendering", "crispEdges");
  const dark = document.createElementNS(SVG, "path");
  dark.setAttribute("d", path);
  svg.append(dark);
  return svg;
}
