/**
 * Looks for what is cut off in a narrow window, in the language of the page or in another, whose texts take the place of the page's own meanwhile.
 *
 * cutOff(from, to) -> string[]     from, to: catalogs (static/texts): what is shown, and what is put in its place; without: as it is
 * moving() -> string[]             what moves, or would
 */

/** What shows names that people gave: they may end in dots. */
const named = ".name, .tree-name, .crumbs *, bdi, [title].cut, .who *, .viewer-title *, .tile-name, .list .where";

/**
 * @param {Record<string, string>} [from]
 * @param {Record<string, string>} [to]
 */
export function cutOff(from, to) {
  const back = from && to ? retold(from, to) : () => {};
  try {
    return [...sideways(), ...staying(), ...cut(), ...placeholders()];
  } finally {
    back();
  }
}

/**
 * @param {Record<string, string>} from
 * @param {Record<string, string>} to
 */
function retold(from, to) {
  const exact = new Map();
  const patterns = [];
  for (const [key, text] of Object.entries(from)) {
    if (!text.includes("{")) exact.set(text, to[key]);
    else {
      const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const literal = text.replace(/\{\w+\}/g, "").trim();
      if (literal.length < 3) continue;
      const source = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+?)");
      patterns.push({ names, to: to[key], literal: literal.length, as: new RegExp(`^${source}$`, "su") });
    }
  }
  patterns.sort((a, b) => b.literal - a.literal);
  const say = (/** @type {string} */ text) => {
    const bare = text.trim();
    if (exact.has(bare)) return text.replace(bare, () => exact.get(bare));
    for (const { names, to, as } of patterns) {
      const found = as.exec(bare);
      if (found) return to.replace(/\{(\w+)\}/g, (whole, name) => found[names.indexOf(name) + 1] ?? whole);
    }
    return text;
  };
  /** @type {(() => void)[]} */
  const undo = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const now = node.nodeValue ?? "";
    const other = say(now);
    if (other === now) continue;
    const one = node;
    one.nodeValue = other;
    undo.push(() => (one.nodeValue = now));
  }
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[placeholder]"))) {
    const now = input.placeholder;
    input.placeholder = say(now);
    undo.push(() => (input.placeholder = now));
  }
  return () => undo.forEach((act) => act());
}

const top = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
const seen = (/** @type {Element} */ e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .skip") && getComputedStyle(e).clipPath === "none";
const called = (/** @type {Element} */ e) => `${e.localName}.${e.className} "${(e.textContent ?? "").trim().slice(0, 40)}"`;
const scrolls = (/** @type {Element} */ e) => /auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX);

function sideways() {
  const found = [];
  for (const box of [document.scrollingElement, ...document.querySelectorAll("dialog[open], .main, .menu")]) {
    if (box && box.checkVisibility() && box.scrollWidth > box.clientWidth + 1) found.push(`${called(box).slice(0, 40)} scrolls sideways: ${box.scrollWidth} > ${box.clientWidth}`);
  }
  for (const e of top().querySelectorAll("*")) {
    if (!seen(e)) continue;
    const { right, left, width } = e.getBoundingClientRect();
    if (width === 0 || (right <= innerWidth + 1 && left >= -1)) continue;
    let up = e.parentElement;
    while (up && up !== document.body && !scrolls(up)) up = up.parentElement;
    if (!up || up === document.body || up.matches(".main, dialog, .content")) found.push(`${called(e)} reaches from ${Math.round(left)} to ${Math.round(right)}`);
  }
  return found.slice(0, 6);
}

/** Where there is little height, nothing but what comes and goes may stay in sight. */
function staying() {
  if (innerHeight > 240) return [];
  return [...top().querySelectorAll("*")]
    .filter((e) => /fixed|sticky/.test(getComputedStyle(e).position) && seen(e) && !e.closest(".toasts, .trays, .tray, .menu, dialog, table, [popover], .box") && e.getBoundingClientRect().height > 1)
    .map((e) => `${called(e).slice(0, 40)} stays in sight`);
}

function cut() {
  const found = [...top().querySelectorAll(".viewer-title")].filter((e) => e.clientWidth < 80).map((e) => `a file's name has ${e.clientWidth} pixels`);
  for (const control of top().querySelectorAll("button, a.btn, a.nav-item, summary, .pill, .badge, [role=tab], .switch label, legend, h1, h2")) {
    if (control.matches(named) || !seen(control)) continue;
    for (const e of [control, ...control.querySelectorAll("*")]) {
      if (e instanceof SVGElement || e.matches(named) || e.closest("bdi") || !seen(e) || getComputedStyle(e).display === "inline") continue;
      if (e.scrollWidth > e.clientWidth + 1) found.push(`${called(e)} is cut: ${e.scrollWidth} > ${e.clientWidth}`);
    }
  }
  return found;
}

function placeholders() {
  const found = [];
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (top().querySelectorAll("input[placeholder]"))) {
    const style = getComputedStyle(input);
    if (!seen(input) || input.value !== "" || style.opacity === "0") continue;
    context.font = style.font;
    const room = input.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const { width } = context.measureText(input.placeholder);
    if (width > room + 1) found.push(`the placeholder "${input.placeholder}" is cut: ${Math.round(width)} > ${Math.round(room)}`);
  }
  return found;
}

export function moving() {
  const found = document.getAnimations().map((animation) => `${animation.constructor.name} of ${called(/** @type {KeyframeEffect} */ (animation.effect)?.target ?? document.body)}`);
  for (const e of document.querySelectorAll("*")) {
    for (const part of [undefined, "::before", "::after", "::backdrop"]) {
      const { animationName, transitionDuration } = getComputedStyle(e, part);
      if (animationName !== "none" || /[1-9]/.test(transitionDuration)) found.push(`${called(e)}${part ?? ""} would move: ${animationName} ${transitionDuration}`);
    }
  }
  return found.slice(0, 6);
}
