/**
 * The tools above a list of entries: to find, to make and to upload; and, while something is chosen, a bar of what can be done with that. Both are drawn from the commands.
 * The bar takes no room of its own: it lies over the list's head, or on a phone over the navigation, so that nothing moves when it comes.
 *
 * @typedef {object} Finder  the search field
 * @property {string} label  read aloud
 * @property {(text: string) => void} changed  as it is typed
 * @property {string} [value]  what stands in it at first
 * @property {() => boolean} [busy]  more may be found
 *
 * @typedef {object} Uploading
 * @property {(input: HTMLInputElement) => void} picked  files were picked in a field
 * @property {() => unknown} choose  opens the browser's dialog whose files it can find again, and uploads what is chosen
 */
/**
 * @template C
 * @typedef {object} Tools
 * @property {import("./commands.js").Command<C>[]} commands
 * @property {() => C} context  for what is chosen now
 * @property {() => C} place  for the place itself
 * @property {Finder} [finder]
 * @property {Uploading} [upload]
 * @property {HTMLElement[]} [extra]  more controls, beside the others
 * @property {() => void} clear  chooses nothing
 * @property {(event: KeyboardEvent) => void} intoList  from the search field: Enter opens the only one there is; this and the arrow down go to the first one, Escape to where the keyboard was
 */
import { el } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { say } from "../ui/say.js";
import { openMenu } from "../ui/menu.js";
import { oneIsEnough } from "../ui/second-click.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { inBar, inGroups, menuOf, offered, perform } from "./commands.js";

/** @param {() => void} work  may take away the button: a second click is not for what lies below it */
const once = (work) => (/** @type {Event} */ event) => {
  oneIsEnough(event);
  work();
};

/**
 * @template {import("./commands.js").PaneContext} C
 * @param {Tools<C>} tools
 */
export function toolbar({ commands, context, place, finder, upload, extra = [], clear, intoList }) {
  const files = upload && picker("drive.pick.files", {}, upload.picked);
  const folder = upload && picker("drive.pick.folder", { webkitdirectory: true }, upload.picked);
  const pickFiles = () => (upload && canChoose() ? upload.choose() : files?.click());
  const find = finder && searchField(finder, intoList);

  const more = button(t("drive.new"), { icon: "plus", class: upload ? "takes-upload" : "", click: () => openMenu(more, menuOf(commands, "new", place()), t("drive.new")) });
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-label", t("drive.new"));
  const uploading = button(t("drive.upload"), { kind: "primary", icon: "upload", class: "only-wide", click: pickFiles }); // where there is little room, "New" has it
  uploading.setAttribute("aria-label", t("drive.upload"));

  const makes = commands.some((one) => one.offered?.includes("new"));
  queueMicrotask(() => void (more.hidden = offered(commands, "new", place()).length === 0)); // when the page is there that it asks about
  const element = el("div", { class: "toolbar" }, el("div", { class: "tools" }, find && el("label", { class: "search" }, icon("search"), find), extra, makes && more, files && uploading, files, folder));

  const count = el("span", { class: "chosen-count" });
  const bar = inGroups(commands.filter(inBar)).map((command) => {
    const wide = command.offered?.includes("wide bar") ? "only-wide" : "";
    const made = button(t(command.text), { icon: command.icon, kind: command.look ?? "", class: wide, click: once(() => perform(command, context())) });
    made.setAttribute("aria-label", t(command.text)); // where there is little room only the icon is seen
    made.title = t(command.text);
    return { command, made };
  });
  const rest = iconButton("ellipsis", t("drive.menu"), () => openMenu(rest, menuOf(commands, "row", context()), t("drive.menu")));
  rest.setAttribute("aria-haspopup", "menu");
  const chosen = el(
    "div",
    { class: "tools chosen-tools", role: "toolbar", "aria-label": t("drive.chosen"), hidden: true },
    count,
    bar.map(({ made }) => made),
    rest,
    iconButton("x", t("drive.choose_none"), once(clear)),
  );

  return {
    element,
    /** Stands before the list. */
    bar: el("div", { class: "chosen-bar" }, chosen),
    /** Shows what can be done with what is chosen now. */
    draw() {
      const now = context();
      const many = now.chosen.length;
      chosen.hidden = many === 0;
      const words = many > 0 ? t("drive.chosen_count", { count: many }) : "";
      if (words && words !== count.textContent) say(words);
      count.textContent = words;
      const shown = new Set(many > 0 ? offered(commands, "bar", now) : []);
      for (const { command, made } of bar) made.hidden = !shown.has(command);
      rest.hidden = many === 0 || offered(commands, "row", now).every((one) => one.offered?.includes("bar"));
    },
    /** @param {{folder?: boolean}} [options] opens the browser's dialog for files to upload */
    pick: ({ folder: whole = false } = {}) => (whole ? folder?.click() : pickFiles()),
    /** The search field. */
    find: find ?? null,
  };
}

/** Whether the browser has a dialog whose files it finds again at a later visit. A phone's has neither camera nor photos. */
const canChoose = () => "showOpenFilePicker" in globalThis && !matchMedia("(pointer: coarse)").matches;

/**
 * @param {Finder} finder
 * @param {(event: KeyboardEvent) => void} intoList
 */
function searchField({ label, changed, value = "" }, intoList) {
  const find = el("input", { type: "search", "aria-label": label, placeholder: t("drive.find.short"), autocomplete: "off", spellcheck: "false" });
  find.value = value;
  find.addEventListener("input", () => changed(find.value));
  find.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Escape", "Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (event.key !== "Escape" || find.value === "") return intoList(event);
    find.value = "";
    changed("");
  });
  return find;
}

/**
 * A hidden field that opens the browser's own dialog.
 * @param {string} key its name
 * @param {Record<string, unknown>} attributes
 * @param {(input: HTMLInputElement) => void} picked
 */
function picker(key, attributes, picked) {
  const input = el("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": t(key), "aria-hidden": "true", ...attributes });
  input.addEventListener("change", () => {
    if (input.files && input.files.length > 0) picked(input);
    input.value = ""; // so that the same choice can be made again
  });
  return input;
}
