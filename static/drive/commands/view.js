// Commands that every list of entries has: about what is shown, and to take back what was done, on whichever page it was.
import { undoLast } from "../acts.js";

/** @type {import("../commands.js").Command<import("../commands.js").PaneContext>[]} */
export const view = [
  {
    name: "undo", text: "drive.undo", icon: "undo-2", keys: ["Ctrl+Z"], group: "clipboard", offered: ["place"],
    when: () => true,
    run: undoLast,
  },
  {
    name: "find", text: "drive.keys.find", icon: "search", keys: ["/"], group: "view",
    when: ({ pane }) => pane.canFind,
    run: ({ pane }) => pane.find(),
  },
  {
    name: "keys", text: "drive.keys", icon: "keyboard", keys: ["?"], group: "view", offered: ["place"],
    when: () => true,
    async run({ pane }) {
      const { showKeys } = await import("../keys-dialog.js");
      showKeys(pane.commands);
    },
  },
];
