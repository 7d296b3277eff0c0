/**
 * The tools above a folder's list: to find, to make and to upload; or, while something is chosen, what can be done with that.
 *
 * @typedef {object} Tools
 * @property {(text: string) => void} find
 * @property {(input: HTMLInputElement) => void} upload
 * @property {() => void} newFolder
 * @property {(choosing: Promise<import("./picked.js").Picking | null>) => void} shareFromHere
 * @property {(what: "share" | "download" | "rename" | "remove") => void} act  on what is chosen
 * @property {() => void} clear
 */
import { el } from "../ui/element.js";
import { button, iconButton } from "../ui/button.js";
import { openMenu } from "../ui/menu.js";
import { icon } from "../icons.js";
import { t } from "../texts.js";
import { choose } from "./choose.js";

/**
 * @param {Tools} tools
 * @returns {{element: HTMLElement, choose: (count: number) => void, clearSearch: () => void}}
 */
export function toolbar(tools) {
  const files = picker("drive.pick.files", {}, tools.upload);
  const folder = picker("drive.pick.folder", { webkitdirectory: true }, tools.upload);

  const find = el("input", { type: "search", "aria-label": t("drive.find"), placeholder: t("drive.find.short"), autocomplete: "off", spellcheck: "false" });
  find.addEventListener("input", () => tools.find(find.value));
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || find.value === "") return;
    find.value = "";
    tools.find("");
  });

  const more = button(t("drive.new"), {
    icon: "plus",
    click: () =>
      openMenu(
        more,
        [
          { text: t("drive.new_folder"), icon: "folder-plus", act: tools.newFolder },
          { text: t("drive.upload_files"), icon: "upload", act: () => files.click() },
          { text: t("drive.upload_folder"), icon: "folder-up", act: () => folder.click() },
          null,
          { text: t("drive.share_files"), icon: "link", act: () => tools.shareFromHere(choose()) },
          { text: t("drive.share_folder"), icon: "link", act: () => tools.shareFromHere(choose({ folder: true })) },
        ],
        t("drive.new"),
      ),
  });
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-label", t("drive.new"));
  const upload = button(t("drive.upload"), { kind: "primary", icon: "upload", click: () => files.click() });
  upload.setAttribute("aria-label", t("drive.upload"));

  const usual = el("div", { class: "tools" }, el("label", { class: "search" }, icon("search"), find), more, upload, files, folder);

  const count = el("span", { class: "chosen-count", role: "status" });
  const rename = tool("pencil", "drive.rename", () => tools.act("rename"));
  const chosen = el(
    "div",
    { class: "tools chosen-tools", role: "toolbar", "aria-label": t("drive.chosen"), hidden: true },
    count,
    tool("link", "drive.share", () => tools.act("share"), "soft"),
    tool("download", "drive.download", () => tools.act("download")),
    rename,
    tool("trash-2", "drive.remove", () => tools.act("remove"), "danger"),
    iconButton("x", t("drive.choose_none"), tools.clear),
  );

  return {
    element: el("div", { class: "toolbar" }, usual, chosen),
    choose(many) {
      usual.hidden = many > 0;
      chosen.hidden = many === 0;
      rename.hidden = many !== 1;
      count.textContent = many > 0 ? t("drive.chosen_count", { count: many }) : "";
    },
    clearSearch() {
      find.value = "";
    },
  };
}

/**
 * @param {string} name
 * @param {string} key
 * @param {() => void} click
 * @param {"" | "soft" | "danger"} [kind]
 */
function tool(name, key, click, kind = "") {
  const made = button(t(key), { icon: name, kind, click });
  made.setAttribute("aria-label", t(key)); // on a phone only the icon is seen
  return made;
}

/**
 * A hidden field that opens the browser's own dialog.
 * @param {string} key its name
 * @param {Record<string, unknown>} attributes
 * @param {(input: HTMLInputElement) => void} picked
 */
export function picker(key, attributes, picked) {
  const input = el("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-label": t(key), "aria-hidden": "true", ...attributes });
  input.addEventListener("change", () => {
    if (input.files && input.files.length > 0) picked(input);
    input.value = ""; // so that the same choice can be made again
  });
  return input;
}
