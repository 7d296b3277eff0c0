/**
 * All that can be done in the drive, each said once: the toolbar, the menu of what is chosen, the menu of the empty place, the keys and the list of keys are drawn
 * from it.
 *
 * To add a command, write it into one of commands/*.js, or into a module of its own there, and name that module's array below. A command gets a Context, and
 * loads what it needs in `run` by import(): what stands here is part of every first visit. A page that is not of the drive (the trash) has an array of its own.
 *
 *   export const mine = [
 *     { name: "rename", text: "drive.rename", icon: "pencil", keys: ["F2"], group: "manage", offered: ["row"],
 *       when: ({ chosen }) => chosen.length > 0,
 *       run: async ({ chosen, drive, reread }) => { ...; await reread(); } },
 *   ];
 *
 * @typedef {import("../source.js").Entry} Entry
 *
 * @typedef {object} PaneContext  what every command gets; files-pane.js makes it anew for each call
 * @property {Entry[]} chosen  in the order in which they are shown; empty for the place itself
 * @property {import("./files-pane.js").FilesPane} pane
 */
/**
 * @template [C=import("./drive-context.js").DriveContext]
 * @typedef {object} Command
 * @property {string} name  its own among all commands
 * @property {string} text  key of its label
 * @property {string} icon
 * @property {string[]} [keys]  as keys.js reads them: "F2", "Ctrl+D", "/". No letter alone: those find names in the list
 * @property {boolean} [byEvent]  an event of the browser's runs it, which its keys bring: they are told of, and not caught
 * @property {typeof groups[number]} group
 * @property {("bar" | "wide bar" | "row" | "new" | "place")[]} [offered]  bar: the toolbar while something is chosen; wide bar: the same, but where there is little room only its
 *   menu; row: the menu of what is chosen; new: the menu of the button "New"; place: the menu of the empty place. By default by its keys alone
 * @property {"" | "soft" | "danger"} [look]  of its button in the bar; danger also in menus
 * @property {boolean} [asks]  it opens a dialog, which may have to be loaded: no other one is opened until then
 * @property {(context: C) => boolean} when  whether it can be done now. It is asked often, and must only look
 * @property {() => boolean} [idle]  whether it would only say that there is nothing to do: its key runs it all the same, bars and menus leave it out
 * @property {(context: C) => unknown} run  tells a person itself what went wrong
 */
import { oneDialog } from "../later.js";
import { t } from "../texts.js";
import { finding } from "./commands/finding.js";
import { manage } from "./commands/manage.js";
import { making } from "./commands/making.js";
import { opening } from "./commands/opening.js";
import { view } from "./commands/view.js";

/**
 * Runs a command, as whatever offers it does.
 * @template C
 * @param {Command<C> | undefined} command
 * @param {C} context
 */
export function perform(command, context) {
  if (command?.asks) void oneDialog(() => command.run(context));
  else void command?.run(context);
}

/** The groups in their order; in menus a line stands between two. Within one, commands stand in the order in which they were named. */
const groups = /** @type {const} */ (["manage", "clipboard", "remove", "make", "send", "view"]);

/** @type {Command[]} */
export const driveCommands = [...opening, ...manage, ...making, ...finding, ...view];

/**
 * The commands that a bar or menu offers now, in the order of their groups.
 * @template C
 * @param {Command<C>[]} commands
 * @param {"bar" | "row" | "new" | "place"} where
 * @param {C} context
 */
export function offered(commands, where, context) {
  return inGroups(commands.filter((one) => (where === "bar" ? inBar(one) : one.offered?.includes(where)) && one.when(context) && !one.idle?.()));
}

/** @param {Command<any>} command */
export const inBar = ({ offered }) => offered?.some((where) => where === "bar" || where === "wide bar");

/**
 * @template C
 * @param {Command<C>[]} commands
 */
export function inGroups(commands) {
  return [...commands].sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

/**
 * The items of a menu (ui/menu.js) that offers these.
 * @template C
 * @param {Command<C>[]} commands
 * @param {"row" | "new" | "place"} where
 * @param {C} context
 * @returns {(import("../ui/menu.js").MenuItem | null)[]}
 */
export function menuOf(commands, where, context) {
  /** @type {(import("../ui/menu.js").MenuItem | null)[]} */
  const items = [];
  let last = "";
  for (const one of offered(commands, where, context)) {
    if (last && last !== one.group) items.push(null);
    last = one.group;
    items.push({ text: t(one.text), icon: one.icon, keys: one.keys && written(one.keys[0]).join(isMac ? "" : "+"), danger: one.look === "danger", act: () => perform(one, context) });
  }
  return items;
}

const isMac = /Mac|iP(hone|ad)/u.test(navigator.platform);
/** What is written on some keys. @type {Record<string, string>} */
const signs = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Backspace: "⌫", ...(isMac && { Ctrl: "⌘", Shift: "⇧", Alt: "⌥" }) };
const names = ["Ctrl", "Shift", "Alt", "Delete", "Escape", "Enter", "Space", "Home", "End", "PageUp", "PageDown"];

/**
 * What is written on the keys that one of a command's `keys` names, as on the visitor's keyboard.
 * @param {string} key
 */
export function written(key) {
  return key.split(/\+(?=.)/u).map((part) => signs[part] ?? (names.includes(part) ? t(`drive.key.${part}`) : part));
}
