// Commands that every list of entries has: about what is shown, and to take back what was done, on whichever page it was.
import { later } from "../../later.js";
import { acts } from "../changes.js";

/** @type {import("../commands.js").Command<import("../commands.js").PaneContext>[]} */
export const view = [
  {
    name: "undo", text: "drive.undo", icon: "undo-2", keys: ["Ctrl+Z"], group: "clipboard", offered: ["place"],
    when: () => true,
    idle: () => acts.length === 0,
    run: async () => (await later(() => import("../acts.js"))).undoLast(),
  },
  {
    name: "find", text: "drive.keys.find", icon: "search", keys: ["/"], group: "view",
    when: ({ pane }) => pane.canFind,
    run: ({ pane }) => pane.find(),
  },
  {
    name: "choose-all", text: "drive.choose_all", icon: "square-check", group: "view", offered: ["row"],
    when: ({ pane, chosen }) => matchMedia("(pointer: coarse)").matches && chosen.length > 0 && chosen.length < pane.entries().length,
    run: ({ pane }) => pane.chooseAll(pane.entries().map(({ path }) => path)),
  },
  {
    name: "keys", text: "drive.keys", icon: "keyboard", keys: ["?"], group: "view", offered: ["place"], asks: true,
    when: () => true,
    async run({ pane }) {
      const { showKeys } = await import("../keys-dialog.js");
      showKeys(pane.commands);
    },
  },
];
