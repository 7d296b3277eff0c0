/**
 * Markdown: parsed to tokens, of which only those of a fixed list become elements; everything else stands there as the text it is. Raw HTML is text, images are the
 * words in their place, links lead to http, https and mailto alone and are seen with where they lead. One button shows the source.
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { t } from "../texts.js";
import { readAll } from "../source.js";
import MarkdownIt from "../vendor/markdown-it.js";
import { view as viewText } from "./text.js";

const largest = 512 * 1024; // bytes: what is longer is shown as text

/** Elements without anything of their own, by the token that opens them. @type {Record<string, keyof HTMLElementTagNameMap>} */
const plain = {
  paragraph_open: "p",
  blockquote_open: "blockquote",
  bullet_list_open: "ul",
  list_item_open: "li",
  em_open: "em",
  strong_open: "strong",
  s_open: "s",
  table_open: "table",
  thead_open: "thead",
  tbody_open: "tbody",
  tr_open: "tr",
};

/**
 * @param {import("../source.js").Entry} entry
 * @param {import("./viewer.js").Context} context
 * @returns {Promise<import("./viewer.js").View>}
 */
export async function view(entry, context) {
  if (entry.size > largest) return viewText(entry, context);
  const text = new TextDecoder().decode(await readAll(await context.source.read(entry, { signal: context.signal }), entry.size));
  if (text.includes("\0")) return viewText(entry, context); // which says that it is no text
  const page = el("article", { class: "view-page", dir: "auto" }, ...markdown(text));
  const element = el("div", { class: "view-text" }, page);
  /** @type {HTMLElement | null} */
  let lines = null;
  const other = button(t("view.as_source"), {
    async click() {
      const source = other.getAttribute("aria-pressed") !== "true";
      other.setAttribute("aria-pressed", String(source));
      if (source) lines ??= (await viewText(entry, context)).element;
      fill(element, source && lines ? lines : page);
    },
  });
  other.setAttribute("aria-pressed", "false");
  return { element, tools: [other, ...(context.edit ? [button(t("edit.edit"), { icon: "pencil", click: context.edit })] : [])] };
}

/**
 * @param {string} text
 * @returns {Node[]}
 */
export function markdown(text) {
  const tokens = new MarkdownIt({ html: false, linkify: false, typographer: false }).parse(text, {});
  const root = document.createDocumentFragment();
  walk(tokens, root);
  return [...root.childNodes];
}

/**
 * @param {import("../vendor/markdown-it.js").Token[]} tokens
 * @param {Node} root
 */
function walk(tokens, root) {
  /** The elements that are open; a token that opens none has its parent there once more. @type {Node[]} */
  const open = [root];
  for (const token of tokens) {
    const parent = /** @type {Node} */ (open.at(-1));
    if (token.type.endsWith("_close")) {
      if (open.length > 1) leave(/** @type {Node} */ (open.pop()));
    } else if (token.type.endsWith("_open")) {
      const element = token.hidden ? null : opened(token);
      if (element) parent.appendChild(element);
      open.push(element ?? parent);
    } else if (token.type === "inline") {
      walk(token.children ?? [], parent);
    } else {
      parent.appendChild(single(token));
    }
  }
}

/**
 * @param {import("../vendor/markdown-it.js").Token} token
 * @returns {HTMLElement | null}
 */
function opened(token) {
  /** @param {string} name */
  const attribute = (name) => token.attrs?.find(([key]) => key === name)?.[1] ?? "";
  const name = plain[token.type];
  if (name) return el(name);
  switch (token.type) {
    case "heading_open":
      return el(/^h[1-6]$/u.test(token.tag) ? /** @type {"h1"} */ (token.tag) : "p");
    case "ordered_list_open":
      return el("ol", { start: /^\d{1,9}$/u.test(attribute("start")) ? attribute("start") : null });
    case "th_open":
    case "td_open": {
      const align = /^text-align:(left|center|right)$/u.exec(attribute("style"))?.[1];
      return el(token.type === "th_open" ? "th" : "td", { class: align ? `to-${align}` : null });
    }
    case "link_open": {
      const to = safeLink(attribute("href"));
      return to ? el("a", { href: to, target: "_blank", rel: "noopener noreferrer nofollow", title: to }) : el("span");
    }
  }
  return null;
}

/**
 * A link whose words are not its address is followed by where it leads.
 * @param {Node} element
 */
function leave(element) {
  if (!(element instanceof HTMLAnchorElement)) return;
  const words = element.textContent?.trim() ?? "";
  const to = element.protocol === "mailto:" ? decodedMail(element.href) : element.host;
  if (words !== element.href && words !== to) element.after(el("span", { class: "view-to" }, ` (${to})`));
}

/** @param {string} href */
const decodedMail = (href) => href.slice("mailto:".length).replace(/\?.*/su, "");

/**
 * @param {string} href
 * @returns {string} "" where it leads nowhere that a file may lead to
 */
function safeLink(href) {
  if (!/^(https?:\/\/|mailto:)/iu.test(href)) return ""; // a relative one would lead into this server
  try {
    const { protocol, href: to } = new URL(href);
    return ["http:", "https:", "mailto:"].includes(protocol) ? to : "";
  } catch {
    return "";
  }
}

/**
 * @param {import("../vendor/markdown-it.js").Token} token
 * @returns {Node}
 */
function single(token) {
  switch (token.type) {
    case "softbreak":
      return document.createTextNode("\n");
    case "hardbreak":
      return el("br");
    case "hr":
      return el("hr");
    case "code_inline":
      return el("code", {}, token.content);
    case "code_block":
    case "fence":
      return el("pre", {}, el("code", {}, token.content));
    case "image":
      return el("span", { class: "view-no-image" }, token.content || t("view.image"));
  }
  return document.createTextNode(token.content);
}
