// What the disk is taken by, now and over time.
import { api } from "../api.js";
import { at } from "../base.js";
import { renameAddress } from "../router.js";
import { bytes, date, fullDate, t, timeForm } from "../texts.js";
import { el, fill } from "../ui/element.js";
import { card } from "./card.js";
import { follow } from "./follow.js";
import { spaceChart, stacked, sum } from "./space-chart.js";
import { spaceTable } from "./space-table.js";

/** @typedef {import("./space-chart.js").Sample} Sample */

const ranges = [7, 90, 1098]; // days
const FEW_MINUTES = 5 * 60_000;

/**
 * @param {{days: string | null, signal: AbortSignal, low: (sample: Sample) => void}} options days: as in the address; low: is called with how it is now
 * @returns {HTMLElement}
 */
export function spaceCard({ days: asked, signal, low }) {
  let days = ranges.find((n) => String(n) === asked) ?? ranges[0];
  const choice = el("fieldset", { class: "ranges" }, el("legend", { class: "unseen" }, t("server.space.range")), ranges.map((n) => {
    const id = `days-${n}`;
    return el("span", {}, el("input", { type: "radio", name: "days", id, value: n, checked: n === days, change: () => choose(n) }), el("label", { for: id }, t(`server.space.range_${n}`)));
  }));
  const whole = card(t("server.space"), { class: "wide", beside: choice, rows: 4 });
  /** @type {(() => void) | undefined} */
  let draw;

  const again = follow({
    async load() {
      const mine = days;
      /** @type {{now: Sample, samples: Sample[]}} */
      const answer = await api("GET", `/api/operator/space?days=${mine}`, undefined, { signal });
      return { ...answer, mine };
    },
    show({ now, samples, mine }) {
      if (mine !== days) return; // another was chosen meanwhile, and is asked for
      low(now);
      draw = show(whole.body, now, samples, days);
      whole.fine();
      draw();
    },
    failed: (error) => whole.failed(error, () => again()),
    every: FEW_MINUTES,
    signal,
  });

  /** @param {number} n */
  function choose(n) {
    days = n;
    renameAddress(at(n === ranges[0] ? "/operator" : `/operator?days=${n}`));
    again();
  }

  let width = 0;
  const watch = new ResizeObserver(() => {
    if (whole.body.clientWidth === width) return;
    width = whole.body.clientWidth;
    draw?.();
  });
  watch.observe(whole.body);
  signal.addEventListener("abort", () => watch.disconnect());
  return whole.element;
}

/**
 * Fills the card, and gives what draws the charts at the width that it has.
 * @param {HTMLElement} body
 * @param {Sample} now
 * @param {Sample[]} samples
 * @param {number} days
 * @returns {() => void}
 */
function show(body, now, samples, days) {
  const legend = el("div", {});
  const charts = el("div", {});
  const open = body.querySelector("details")?.open ?? false;
  const all = [...samples, now];
  const table = spaceTable(all);
  table.open = open;
  const say = (/** @type {Sample | null} */ sample) => fill(legend, legendOf(sample ?? now, sample === null));
  say(null);
  fill(body, legend, charts,
    samples.length === 0 ? el("p", { class: "quiet" }, t("server.space.first")) : el("p", { class: "quiet" }, t("server.space.since", { when: fullDate(samples[0].at) })),
    el("div", { class: "space-more" }, samples.length > 0 && table, el("a", { class: "link-btn", href: at("/people") }, t("server.space.people"))));
  return () => {
    const width = body.clientWidth;
    if (samples.length === 0 || width === 0) return;
    // The time axis is what was asked for, or less where there is less.
    const to = Date.parse(now.at), from = Math.max(to - days * 86_400_000, Math.min(Date.parse(samples[0].at), to - 3_600_000));
    const short = to - from < 36 * 3_600_000;
    const form = timeForm(short ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" });
    const shared = { samples: all, from, to, width, date: (/** @type {Date} */ at) => form.format(at) };
    const words = { from: fullDate(new Date(from)), to: fullDate(now.at) };
    const taken = spaceChart({ ...shared, series: stacked, height: 200, label: t("server.space.chart", { ...words, first: bytes(takenOf(samples[0])), last: bytes(takenOf(now)) }) });
    const free = spaceChart({ ...shared, series: ["free"], height: 104, label: t("server.space.chart_free", { ...words, first: bytes(samples[0].free), last: bytes(now.free) }) });
    /** @type {Sample | null} */
    let pointed = null;
    const point = (/** @type {Sample | null} */ sample) => {
      if (sample === pointed) return;
      pointed = sample;
      taken.point(sample);
      free.point(sample);
      say(sample);
    };
    fill(charts, el("p", { class: "chart-title", "aria-hidden": "true" }, t("server.space.taken")), taken.element, el("p", { class: "chart-title", "aria-hidden": "true" }, t("server.space.free")), free.element);
    for (const { element, nearest } of [taken, free]) {
      element.addEventListener("pointermove", (event) => point(nearest(event.clientX - element.getBoundingClientRect().left)));
      element.addEventListener("pointerleave", () => point(null));
    }
  };
}

/**
 * What takes how much at a moment.
 * @param {Sample} sample
 * @param {boolean} now
 */
function legendOf(sample, now) {
  const other = Math.max(0, sample.size - sample.free - takenOf(sample));
  return el("dl", { class: "legend" },
    el("div", { class: "legend-when" }, el("dt", {}, now ? t("server.space.now") : date(sample.at)), el("dd", {}, bytes(takenOf(sample)))),
    stacked.map((name) => legendItem(`chart-${name}`, t(`server.space.${name}`), sample[name])),
    legendItem("chart-other", t("server.space.other"), other),
    legendItem("chart-free", t("server.space.free"), sample.free));
}

/** @param {string} colour @param {string} name @param {number} size */
function legendItem(colour, name, size) {
  return el("div", {}, el("dt", {}, el("i", { class: colour, "aria-hidden": "true" }), name), el("dd", {}, bytes(size)));
}

const takenOf = (/** @type {Sample} */ sample) => sum(sample, stacked);
