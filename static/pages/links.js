/**
 * My links, `/links`: what this account has shared, each with its title as only the owner's browser can read it.
 */
import { fill, el } from "../ui/element.js";
import { button } from "../ui/button.js";
import { emptyState, skeleton } from "../ui/empty.js";
import { openMenu } from "../ui/menu.js";
import { sentence } from "../ui/problem.js";
import { readLinks } from "../links.js";
import { currentAccount } from "../account-store.js";
import { t } from "../texts.js";
import { setTitle } from "../shell.js";
import { shareFromComputer, shareFromDrive } from "../drive/actions.js";
import { choose } from "../drive/choose.js";
import { dropZone } from "../drive/drop-zone.js";
import { linkList } from "../drive/link-list.js";
import { pendingList } from "../drive/pending-sends.js";
import { pickedFromDrop } from "../drive/picked.js";

const LOOK = 60_000; // milliseconds

/** @type {import("../router.js").Show} */
export function show(main) {
  const over = new AbortController();
  setTitle(t("links.title"));

  const more = button(t("links.new"), {
    kind: "primary",
    icon: "plus",
    click: () =>
      openMenu(
        more,
        [
          { text: t("drive.share_files"), icon: "upload", act: () => void made(choose().then(shareChosen)) },
          { text: t("drive.share_folder"), icon: "folder-up", act: () => void made(choose({ folder: true }).then(shareChosen)) },
          { text: t("links.from_drive"), icon: "folder", act: () => void made(shareFromDrive()) },
        ],
        t("links.new"),
      ),
  });
  more.setAttribute("aria-haspopup", "menu");
  const place = el("div", {}, skeleton(4, t("links.loading")));
  /** @type {ReturnType<typeof linkList> | null} */
  let list = null;
  let reading = false;
  const unfinished = el("div", {});
  fill(main, el("div", { class: "head" }, el("h1", {}, t("links.title")), more), unfinished, place);

  /** @param {import("../drive/picked.js").Picking | null} picking */
  const shareChosen = (picking) => (picking ? shareFromComputer(picking) : null);

  /** @param {Promise<string | null>} sharing */
  async function made(sharing) {
    if (await sharing) await read();
  }

  async function read() {
    reading = true;
    try {
      const [account, links] = await Promise.all([currentAccount(), readLinks({ signal: over.signal })]);
      if (over.signal.aborted) return;
      if (links.length === 0) {
        fill(place, emptyState({ icon: "link", title: t("links.empty"), text: t("links.empty.text") }));
        return;
      }
      list ??= linkList(account, { reread: read, signal: over.signal });
      if (!list.element.isConnected) fill(place, list.element);
      list.update(links);
    } catch (error) {
      if (over.signal.aborted || list?.element.isConnected) return; // a list that is shown stays; the next look may go well
      const again = button(t("drive.try_again"), { kind: "primary", icon: "rotate-ccw", click: () => void read() });
      fill(place, emptyState({ icon: "circle-alert", title: t("links.unreadable_list"), text: sentence(error), action: again }));
    } finally {
      reading = false;
    }
  }

  // Another device of the owner may change something, and recipients do: it is looked at again when somebody looks.
  function look() {
    if (document.visibilityState === "visible" && !reading) void read();
  }
  document.addEventListener("visibilitychange", look, { signal: over.signal });
  const looking = setInterval(look, LOOK);

  const endDrops = dropZone({
    text: t("links.drop"),
    drop(transfer) {
      void made(pickedFromDrop(transfer).then(shareFromComputer));
    },
  });
  void read();
  void currentAccount().then((account) => {
    const pending = pendingList(account, { made: () => void read(), signal: over.signal });
    fill(unfinished, pending.element);
    return pending.read();
  });
  return () => {
    over.abort();
    clearInterval(looking);
    endDrops();
  };
}
