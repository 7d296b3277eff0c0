// Commands about what is shown.

/** @type {import("../commands.js").Command<import("../commands.js").PaneContext>[]} */
export const view = [
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
