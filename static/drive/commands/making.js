// Commands that bring something new: a folder, uploads, links of files of this computer.
import { held, later } from "../../later.js";

/** Loads the browser's dialogs with the first of them: it remembers the click for five seconds. @param {{folder?: boolean}} [options] */
const choose = async (options) => (await import("../choose.js")).choose(options);

/** @type {import("../commands.js").Command[]} */
export const making = [
  {
    name: "new-folder", text: "drive.new_folder", icon: "folder-plus", group: "make", offered: ["new", "place"], asks: true,
    when: ({ path }) => path !== null,
    async run({ act, pane, reread }) {
      const path = await act.newFolder();
      if (path === null) return;
      await reread();
      pane.choose(path);
    },
  },
  {
    name: "new-text", text: "edit.new", icon: "file-plus", group: "make", offered: ["new", "place"], asks: true,
    when: ({ path }) => path !== null,
    run: async (context) => (await held(later(() => import("../new-text.js")))).newText(context),
  },
  {
    name: "upload-files", text: "drive.upload_files", icon: "upload", group: "make", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    run: ({ pane }) => pane.pick(),
  },
  {
    name: "upload-folder", text: "drive.upload_folder", icon: "folder-up", group: "make", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    run: ({ pane }) => pane.pick({ folder: true }),
  },
  {
    name: "share-files", text: "drive.share_files", icon: "link", group: "send", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    run: ({ act }) => act.shareFromComputer(choose()),
  },
  {
    name: "share-folder", text: "drive.share_folder", icon: "link", group: "send", offered: ["new", "place"],
    when: ({ path }) => path !== null,
    run: ({ act }) => act.shareFromComputer(choose({ folder: true })),
  },
];
