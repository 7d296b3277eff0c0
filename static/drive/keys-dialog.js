/**
 * The list of keys, "?": those of the commands, and those of the list itself.
 */
import { el } from "../ui/element.js";
import { openDialog } from "../ui/dialog.js";
import { button } from "../ui/button.js";
import { t } from "../texts.js";
import { inGroups, written } from "./commands.js";

/** What list-keys.js answers to. @type {[keys: string[], text: string][]} */
const own = [
  [["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"], "drive.keys.walk"],
  [["Enter"], "drive.keys.open"],
  [["Space"], "drive.keys.toggle"],
  [["Shift+ArrowDown"], "drive.keys.extend"],
  [["Ctrl+A"], "drive.keys.all"],
  [["Escape"], "drive.keys.none"],
  [["Shift+F10"], "drive.keys.menu"],
  [["a…z"], "drive.keys.letters"],
];

/**
 * @template C
 * @param {import("./commands.js").Command<C>[]} commands
 */
export function showKeys(commands) {
  const ofCommands = inGroups(commands.filter(({ keys }) => keys)).map(({ keys, text }) => line(keys ?? [], t(text)));
  const close = button(t("drive.keys.close"), { kind: "primary", click: () => dialog.close() });
  const dialog = openDialog({
    title: t("drive.keys"),
    content: el("dl", { class: "keys" }, ofCommands.flat(), own.flatMap(([keys, text]) => line(keys, t(text)))),
    actions: [close],
  });
}

/**
 * @param {string[]} keys
 * @param {string} text
 */
function line(keys, text) {
  return [el("dt", {}, keys.flatMap((key, i) => [i > 0 && " / ", ...written(key).flatMap((part, j) => [j > 0 && " ", el("kbd", {}, part)])])), el("dd", {}, text)];
}
