// Commands that do something with what is chosen: share, download, rename, move, delete.
import { later } from "../../later.js";

/** @type {import("../commands.js").Command[]} */
export const manage = [
  {
    name: "share", text: "drive.share", icon: "link", group: "manage", offered: ["bar", "row"], look: "soft",
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.share(chosen),
  },
  {
    name: "download", text: "drive.download", icon: "download", group: "manage", offered: ["bar", "row"],
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.download(chosen),
  },
  {
    name: "rename", text: "drive.rename", icon: "pencil", keys: ["F2"], group: "manage", offered: ["bar", "row"],
    when: ({ chosen }) => chosen.length === 1,
    async run({ chosen: [entry], act, pane, reread }) {
      const name = await pane.rename(entry);
      const path = name === null ? null : await act.rename(entry, name);
      if (path === null) return;
      await reread();
      pane.choose(path);
    },
  },
  {
    name: "move", text: "drive.move", icon: "folder-input", group: "manage", offered: ["row"],
    when: ({ chosen }) => chosen.length > 0,
    run: ({ chosen, act }) => act.move(chosen),
  },
  {
    name: "copy-to", text: "drive.copy_to", icon: "copy", group: "manage", offered: ["row"],
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
    async run({ chosen, act, pane }) {
      await act.remove(chosen);
      pane.focus();
    },
  },
];
