/**
 * How a send that stopped goes on: after a failure, or at a later visit. Its files are looked for where they were; what cannot be found is asked for; and if one is not what
 * it was, all is sealed anew under another key, with a word about which.
 *
 * @typedef {import("../send.js").SendItem} SendItem
 * @typedef {import("../send.js").Pending} Pending
 */
import { el, fill } from "../ui/element.js";
import { button } from "../ui/button.js";
import { confirm } from "../ui/confirm.js";
import { openDialog } from "../ui/dialog.js";
import { t } from "../texts.js";
import { ApiError } from "../api.js";
import { giveUp, goOn, send } from "../send.js";
import { matchFiles, SENDS_CHANGED } from "../send-pending.js";
import { keepHandles } from "../send-handles.js";
import { sealedLength } from "../send-request.js";
import { uploadStanding } from "../send-uploads.js";
import { webdavSource } from "../source-webdav.js";
import { choose } from "./choose.js";
import { pickedFromDrop, pickedFromHandles } from "./picked.js";
import { loadOf } from "./picked-load.js";
import { parentOf } from "./place.js";
import { takesDrops } from "./share-drops.js";
import { shareProgress } from "./share-progress.js";

/** How many names a dialog lists. */
const few = 8;
/** Files that are looked at at once. */
const atOnce = 50;

/**
 * @param {Pending} pending
 * @param {import("../send.js").Owner} owner
 * @param {import("./share-progress.js").Known} known
 * @returns {Promise<import("./share-progress.js").Sending | null>} null: the person left it
 */
export async function sendingOn(pending, owner, { items = [], handles = [] }) {
  const { plan, upload } = pending;
  const total = plan.files.reduce((sum, { size }) => sum + size, 0);
  const there = await standing(pending);
  if (there === sealedLength(plan)) return { total, left: [], known: { items, handles }, run: (options) => goOn(pending, [], owner, options) };

  const here = handles.length > 0 ? loadOf(await pickedFromHandles(handles)).items : [];
  const held = await readable(items);
  const found = await findAll(pending, [...(await fromDrive(pending)), ...here, ...held], handles);
  if (!found) return null;

  const { changed, left } = found;
  if (there !== null && changed.length === 0 && left.length === 0) {
    return { total, left, known: found, run: (options) => goOn(pending, found.items, owner, withHandles(options, found.handles)) };
  }
  if (changed.length > 0) {
    const sure = await confirm({
      title: t("share.anew.title", { count: changed.length, name: changed[0] }),
      text: `${changed.length > 1 ? `${named(changed)} ` : ""}${t("share.anew.text")}`,
      action: t("share.anew.yes"),
    });
    if (!sure) return null;
  }
  return {
    total: found.items.reduce((sum, { size }) => sum + size, 0),
    left,
    known: found,
    async run(options) {
      await giveUp(upload); // its key has sealed what is no longer so
      const { link, password, title, note, lifetime, maxVisits, folders } = plan;
      const request = { items: found.items, folders, title, note, password: link.password ? password : undefined, lifetime, maxVisits, ...owner };
      return send(request, withHandles(options, found.handles));
    },
  };
}

/**
 * Sends; and where that stops, the person can try again.
 *
 * @param {import("./share-progress.js").Sending} first
 * @param {import("../send.js").Owner} owner
 * @param {Pending | null} pending  where there is an upload already
 * @returns {Promise<import("../send.js").Made | null>}
 */
export function sendAndRetry(first, owner, pending = null) {
  let now = pending;
  let { known } = first;
  /** @param {import("./share-progress.js").Sending} sending */
  const noted = (sending) => ({
    ...sending,
    /** @param {import("../send.js").SendOptions} options */
    run: (options) =>
      sending.run({
        ...options,
        onPending(begun) {
          now = begun;
          options.onPending?.(begun);
        },
      }),
  });
  const ended = shareProgress(noted(first), async () => {
    const next = now ? await sendingOn(now, owner, known) : first;
    if (!next) return null;
    known = next.known;
    first.left.push(...next.left.filter((path) => !first.left.includes(path)));
    return noted(next);
  });
  return ended.finally(() => dispatchEvent(new Event(SENDS_CHANGED)));
}

/**
 * @param {import("../send.js").SendOptions} options
 * @param {FileSystemHandle[]} handles  to be kept for a later visit
 * @returns {import("../send.js").SendOptions}
 */
export function withHandles(options, handles) {
  return {
    ...options,
    onPending(pending) {
      if (pending.kept) void keepHandles(pending.upload, handles);
      options.onPending?.(pending);
    },
  };
}

/**
 * @param {Pending} pending
 * @returns {Promise<number | null>} the bytes that the server holds; null where it holds nothing any more that the plan can go on with
 */
async function standing({ upload, plan }) {
  try {
    const { offset, length } = await uploadStanding(upload);
    return length === sealedLength(plan) ? offset : null;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/**
 * The files of this page's own that can be read as they were: a File names one state of what lies on the disk.
 * @param {SendItem[]} items
 * @returns {Promise<SendItem[]>}
 */
async function readable(items) {
  /** @param {SendItem} item */
  const look = async (item) => item.from.kind === "file" && (await item.from.file.slice(0, 1).arrayBuffer().then(() => true, () => false));
  /** @type {SendItem[]} */
  const good = [];
  for (let i = 0; i < items.length; i += atOnce) {
    const some = items.slice(i, i + atOnce);
    const can = await Promise.all(some.map(look));
    good.push(...some.filter((_, place) => can[place])); // the others are asked for again
  }
  return good;
}

/**
 * The plan's files of the drive as they are now.
 * @param {Pending} pending
 * @returns {Promise<SendItem[]>}
 */
async function fromDrive({ plan }) {
  const drive = webdavSource();
  const recipe = await drive.recipe();
  if (recipe.kind !== "webdav") return [];
  const { prefix } = recipe;
  /** @type {Map<string, Map<string, import("../source.js").Entry>>} by folder */
  const folders = new Map();
  /** @type {SendItem[]} */
  const items = [];
  for (const { path, drive: place } of plan.files) {
    if (!place) continue;
    const folder = parentOf(place.path);
    if (!folders.has(folder)) folders.set(folder, await listed(folder));
    const entry = folders.get(folder)?.get(place.path);
    if (entry && !entry.folder) items.push({ path, size: entry.size, modified: entry.modified, type: entry.type, from: { kind: "drive", prefix, entry } });
  }
  return items;

  /** @param {string} folder */
  async function listed(folder) {
    try {
      return new Map((await drive.list(folder)).map((entry) => [entry.path, entry]));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return new Map();
      throw error;
    }
  }
}

/**
 * Matches what is at hand with the plan, and asks for the rest.
 *
 * @param {Pending} pending
 * @param {SendItem[]} items
 * @param {FileSystemHandle[]} handles
 * @returns {Promise<{items: SendItem[], changed: string[], left: string[], handles: FileSystemHandle[]} | null>} left: what the person does without
 */
async function findAll({ plan }, items, handles) {
  let match = matchFiles(plan, items);
  if (match.missing.length === 0) return { ...match, left: [], handles };
  const hand = [...items];
  const kept = [...handles];
  const words = el("p", { class: "sub", role: "status" });
  const names = el("ul", { class: "share-missing" });
  const ways = el(
    "div",
    { class: "share-add" },
    button(t("share.missing.files"), { kind: "primary", icon: "file-plus", click: () => void take(choose()) }),
    button(t("share.missing.folder"), { icon: "folder-plus", click: () => void take(choose({ folder: true })) }),
  );
  const without = button(t("share.missing.without"), { click: () => dialog.close("without") });
  /** @type {import("../ui/dialog.js").Dialog<"found" | "without">} */
  const dialog = openDialog({
    title: t(match.missing.some(({ drive }) => drive === null) ? "share.missing.title" : "share.missing.title_drive"),
    content: [words, names, ways],
    actions: [el("span", { class: "left" }, without), button(t("ui.cancel"), { click: () => dialog.close() })],
  });
  takesDrops(dialog.element, (transfer) => void take(pickedFromDrop(transfer)));

  /** @param {Promise<import("./picked.js").Picking | null>} picking */
  async function take(picking) {
    const picked = await picking;
    if (!picked) return;
    const load = loadOf(picked);
    hand.push(...load.items);
    kept.push(...(load.handles ?? []));
    const before = match.missing.length;
    match = matchFiles(plan, hand);
    draw(match.missing.length === before);
  }

  /** @param {boolean} [none] */
  function draw(none = false) {
    const { missing } = match;
    if (missing.length === 0) return dialog.close("found");
    const here = missing.filter(({ drive }) => drive === null);
    const asked = here.length > 0 ? here : missing; // what is gone from the drive cannot be chosen again
    words.textContent = t(here.length === 0 ? "share.missing.drive" : none ? "share.missing.none" : "share.missing.text");
    ways.hidden = here.length === 0;
    const rest = asked.length - few;
    fill(names, asked.slice(0, few).map(({ path }) => el("li", {}, el("bdi", {}, path))), rest > 0 ? el("li", {}, t("share.and_more", { count: rest })) : null);
    without.hidden = missing.length === plan.files.length && plan.folders.length === 0;
  }

  draw();
  const end = await dialog.closed;
  if (!end) return null;
  return { ...match, left: match.missing.map(({ path }) => path), handles: kept };
}

/** @param {string[]} paths */
function named(paths) {
  const rest = paths.length - few;
  return `${paths.slice(0, few).map((path) => t("share.quoted", { name: path })).join(", ")}${rest > 0 ? ` ${t("share.and_more", { count: rest })}` : ""}.`;
}
