/**
 * The files of a link as one list over all its folders, to be sorted by name, size or time. The list is that of the web drive.
 */
import { t } from "../texts.js";
import { openMenu } from "../ui/menu.js";
import { fileList } from "../drive/list.js";

/** @typedef {import("../source.js").Entry} Entry */

/**
 * @param {Entry[]} files
 * @param {import("../drive/link-files.js").FilesOptions} options
 * @returns {import("../drive/link-files.js").FilesView}
 */
export function flatList(files, { label, choice, open, save }) {
  const byPath = new Map(files.map((entry) => [entry.path, entry]));
  let marking = false;
  const own = (/** @type {Entry} */ entry) => byPath.get(entry.path) ?? entry;
  const list = fileList({
    label,
    hrefOf: null,
    whereOf: ({ path }) => path.slice(0, Math.max(0, path.lastIndexOf("/"))),
    actions: [{ name: "save", icon: "download", label: ({ name }) => t("link.save_file", { name }) }],
    open: (entry) => open(own(entry), list.entries()),
    act: (_, entry) => save(entry),
    menu(at) {
      const [one, more] = list.chosen();
      if (!one) return;
      openMenu(
        at,
        [
          !more && { text: t("link.look"), icon: "eye", act: () => open(own(one), list.entries()) },
          { text: t("link.download_some", { count: choice.size }), icon: "download", act: () => save(...list.chosen()) },
        ],
        t("drive.menu"),
      );
    },
    changed() {
      if (!marking) choice.only(list.chosen());
    },
  });
  // Once it stands in the page: before, nothing can be measured.
  setTimeout(() => {
    const before = choice.entries();
    marking = true;
    list.setEntries(files);
    list.chooseAll(before.map(({ path }) => path));
    marking = false;
  });
  return {
    element: list.element,
    mark() {
      if (choice.size === list.chosen().length) return;
      marking = true;
      list.chooseAll(choice.entries().map(({ path }) => path));
      marking = false;
    },
    stand: (entry) => list.stand(entry.path),
    end: () => list.end(),
  };
}
