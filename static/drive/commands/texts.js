// Commands that make and edit texts.

/** @type {import("../commands.js").Command[]} */
export const texts = [
  {
    name: "new-text", text: "edit.new", icon: "file-plus", group: "make", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    async run(context) {
      const { newText } = await import("../new-text.js");
      await newText(context);
    },
  },
];
