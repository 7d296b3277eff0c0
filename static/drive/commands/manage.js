// Commands that do something with what is chosen: share, download, rename, move, delete; cut, copy and paste.
import { later } from "../../later.js";
import { discard } from "../changes.js";
import { hold, inClipboard, letGo, paste } from "../clipboard.js";
import { renameIn } from "../renaming.js";

/** Nothing in the page is marked: the browser copies that. */
const isBare = () => getSelection()?.isCollapsed !== false;

/** @type {import("../commands.js").Command[]} */
export const manage = [
  {
    name: "share", text: "drive.share", icon: "link", group: "manage", offered: ["bar", "row"], look: "soft", asks: true,
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.share(chosen),
  },
  {
    name: "download", text: "drive.download", icon: "download", group: "manage", offered: ["bar", "row"],
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.download(chosen),
  },
  {
    name: "rename", text: "drive.rename", icon: "pencil", keys: ["F2"], group: "manage", offered: ["wide bar", "row"],
    when: ({ chosen }) => chosen.length === 1,
    run: (context) => renameIn(context.chosen[0], context),
  },
  {
    name: "move", text: "drive.move", icon: "folder-input", group: "manage", offered: ["wide bar", "row"], asks: true,
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.move(chosen),
  },
  {
    name: "copy-to", text: "drive.copy_to", icon: "copy", group: "manage", offered: ["row"], asks: true,
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.move(chosen, { copy: true }),
  },
  {
    name: "duplicate", text: "drive.duplicate", icon: "copy-plus", keys: ["Ctrl+D"], group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0,
    async run({ chosen, drive, pane }) {
      const { duplicate } = await later(() => import("../carrying.js"));
      pane.chooseAll(await duplicate(drive, chosen));
    },
  },
  {
    name: "remove", text: "drive.remove", icon: "trash-2", keys: ["Delete"], group: "remove", offered: ["bar", "row"], look: "danger",
    when: ({ chosen }) => chosen.length > 0,
    async run({ chosen, drive, pane }) {
      if (await discard(drive, chosen)) pane.focus();
    },
  },
  {
    name: "cut", text: "drive.cut", icon: "scissors", keys: ["Ctrl+X"], group: "clipboard", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0 && isBare(),
    run: ({ chosen }) => hold(chosen, { cut: true }),
  },
  {
    name: "uncut", text: "drive.uncut", icon: "x", keys: ["Escape"], group: "clipboard",
    when: () => inClipboard()?.cut === true,
    run: letGo,
  },
  {
    name: "copy", text: "drive.copy", icon: "copy", keys: ["Ctrl+C"], group: "clipboard", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0 && isBare(),
    run: ({ chosen }) => hold(chosen),
  },
  {
    name: "paste", text: "drive.paste", icon: "clipboard-paste", keys: ["Ctrl+V"], byEvent: true, group: "clipboard", offered: ["place", "new"],
    when: ({ path }) => path !== null && inClipboard() !== null,
    run: paste,
  },
];
