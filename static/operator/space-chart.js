/**
 * Space over time, drawn as SVG: areas that stand on each other, or one alone. Where nothing was measured the areas end: nothing is made up in between.
 *
 * The drawing is one picture with a name to whoever does not see it; the figures stand in a table beside it (space-table.js).
 */
import { bytes } from "../texts.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{at: string, drives: number, links: number, kept: number, database: number, free: number, size: number}} Sample  bytes, of GET /api/operator/space */
/** @typedef {"drives" | "links" | "kept" | "database" | "free"} Series */

// Space around the areas, for what is written there: pixels.
const LEFT = 62, RIGHT = 6, TOP = 8, BOTTOM = 24;

/** What is taken, from the bottom of the chart up. @type {Series[]} */
export const stacked = ["drives", "links", "kept", "database"];

const HOUR = 3_600_000, DAY = 24 * HOUR;

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
function shape(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * Samples that follow each other without a gap: three hours where there is one an hour, two days where there is one a day.
 * @param {Sample[]} samples
 * @returns {Sample[][]}
 */
function runs(samples) {
  /** @type {Sample[][]} */
  const all = [];
  const hourly = Date.now() - 8 * DAY;
  samples.forEach((sample, i) => {
    const before = i > 0 ? Date.parse(samples[i - 1].at) : Number.NaN;
    const at = Date.parse(sample.at);
    // One an hour, if those around it are that near.
    const patience = before >= hourly && (i < 2 || before - Date.parse(samples[i - 2].at) < 3 * HOUR) ? 3 * HOUR : 50 * HOUR;
    if (at - before <= patience) all[all.length - 1].push(sample);
    else all.push([sample]);
  });
  return all;
}

/**
 * Round values from 0 to one at or above most: three to six of them.
 * @param {number} most
 * @returns {number[]}
 */
function ticks(most) {
  const rough = Math.max(most, 1000) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const all = [0];
  while (all[all.length - 1] < most) all.push(all[all.length - 1] + step);
  if (all.length === 1) all.push(step);
  return all;
}

/**
 * @param {object} options
 * @param {Sample[]} options.samples oldest first, two at least
 * @param {Series[]} options.series from the bottom up
 * @param {number} options.from milliseconds since 1970: the left edge
 * @param {number} options.to the right edge
 * @param {number} options.width pixels
 * @param {number} options.height
 * @param {string} options.label what it shows, in words
 * @param {(at: Date) => string} options.date writes what stands below the time axis
 * @returns {{element: SVGElement, point: (sample: Sample | null) => void, nearest: (x: number) => Sample}} point draws a line at a sample; nearest finds the one at x, in pixels from the left
 */
export function spaceChart({ samples, series, from, to, width, height, label, date }) {
  const right = width - RIGHT, bottom = height - BOTTOM;
  const levels = ticks(Math.max(...samples.map((s) => sum(s, series))));
  const top = levels[levels.length - 1];
  const x = (/** @type {number} */ at) => LEFT + ((at - from) / Math.max(1, to - from)) * (right - LEFT);
  const y = (/** @type {number} */ size) => bottom - (size / top) * (bottom - TOP);
  const round = (/** @type {number} */ n) => Math.round(n * 10) / 10;

  const grid = levels.map((level) => shape("g", {},
    shape("line", { class: "chart-line", x1: LEFT, x2: right, y1: round(y(level)), y2: round(y(level)) }),
    shape("text", { class: "chart-text", x: LEFT - 8, y: round(y(level)) + 4, "text-anchor": "end" }, bytes(level))));
  const count = Math.max(2, Math.min(5, Math.floor((right - LEFT) / 110)));
  const times = Array.from({ length: count }, (_, i) => {
    const at = from + ((to - from) * i) / (count - 1);
    const anchor = i === 0 ? "start" : i === count - 1 ? "end" : "middle";
    return shape("text", { class: "chart-text", x: round(x(at)), y: height - 6, "text-anchor": anchor }, date(new Date(at)));
  });

  const areas = runs(samples).flatMap((run) => series.map((name, i) => {
    const below = series.slice(0, i), with_ = series.slice(0, i + 1);
    const at = (/** @type {Sample} */ s) => x(Date.parse(s.at));
    // What stands alone gets a width that can be seen.
    const points = run.length > 1 ? run.map((s) => ({ s, x: at(s) })) : [{ s: run[0], x: Math.max(LEFT, at(run[0]) - 1.5) }, { s: run[0], x: Math.min(right, at(run[0]) + 1.5) }];
    const upper = points.map((p) => `${round(p.x)},${round(y(sum(p.s, with_)))}`);
    const lower = points.map((p) => `${round(p.x)},${round(y(sum(p.s, below)))}`).reverse();
    return shape("path", { class: `chart-${name}`, d: `M${upper.join("L")}L${lower.join("L")}Z` });
  }));

  const pointer = shape("line", { class: "chart-pointer", y1: TOP, y2: bottom, visibility: "hidden" });
  const element = shape("svg", { class: "chart", role: "img", "aria-label": label, width, height, viewBox: `0 0 ${width} ${height}` }, ...grid, ...areas, ...times, pointer);
  return {
    element,
    point(sample) {
      pointer.setAttribute("visibility", sample ? "visible" : "hidden");
      if (!sample) return;
      const at = String(round(x(Date.parse(sample.at))));
      pointer.setAttribute("x1", at);
      pointer.setAttribute("x2", at);
    },
    nearest(px) {
      const at = from + ((px - LEFT) / (right - LEFT)) * (to - from);
      return samples.reduce((best, s) => (Math.abs(Date.parse(s.at) - at) < Math.abs(Date.parse(best.at) - at) ? s : best));
    },
  };
}

/**
 * @param {Sample} sample
 * @param {Series[]} series
 */
export function sum(sample, series) {
  return series.reduce((total, name) => total + sample[name], 0);
}
