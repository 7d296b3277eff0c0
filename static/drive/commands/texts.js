// Commands that make and edit texts.
import { largestEdited, viewKind } from "../../view/kinds.js";

/** @type {import("../commands.js").Command[]} */
export const texts = [
  {
    name: "edit", text: "edit.edit", icon: "file-text", group: "manage", offered: ["row"],
    when: ({ chosen: [entry, ...others] }) => entry !== undefined && others.length === 0 && ["text", "markdown"].includes(viewKind(entry) ?? "") && entry.size <= largestEdited,
    run: ({ chosen, look }) => look(chosen[0], true),
  },
  {
    name: "new-text", text: "edit.new", icon: "file-plus", group: "make", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    async run(context) {
      const { newText } = await import("../new-text.js");
      await newText(context);
    },
  },
];
