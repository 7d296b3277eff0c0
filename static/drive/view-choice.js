/**
 * How a person wants folders shown: as list or grid, and in which order. It is remembered in this browser for their account, and stands in the address where it is not
 * the usual, so that a bookmark leads to what was seen: `?view=grid&sort=size-`.
 *
 * @typedef {"list" | "grid"} Way
 * @typedef {import("./order.js").Order} Order
 * @typedef {{way: Way, order: Order}} ViewChoice
 */
import { renameAddress } from "../router.js";
import { allColumns, byName } from "./order.js";

const slot = () => `thorpe/view/${document.body.dataset.account ?? ""}`;

/**
 * What the address says, else what is remembered.
 * @returns {ViewChoice}
 */
export function viewChoice() {
  const asked = new URLSearchParams(location.search);
  const kept = remembered();
  return { way: wayOf(asked.get("view")) ?? wayOf(kept.get("view")) ?? "list", order: orderOf(asked.get("sort")) ?? orderOf(kept.get("sort")) ?? byName };
}

/**
 * Remembers it, and writes it into the address.
 * @param {ViewChoice} choice
 */
export function keepViewChoice(choice) {
  remember(choice);
  tellViewChoice(choice);
}

/**
 * Writes it into the address.
 * @param {ViewChoice} choice
 */
export function tellViewChoice({ way, order }) {
  const query = new URLSearchParams(location.search);
  if (way === "list") query.delete("view");
  else query.set("view", way);
  if (order.by === byName.by && order.down === byName.down) query.delete("sort");
  else query.set("sort", written(order));
  const address = location.pathname + (query.size > 0 ? `?${query}` : "");
  if (address !== location.pathname + location.search) renameAddress(address);
}

/**
 * Remembers the way alone, on a page with an order of its own.
 * @param {Way} way
 */
export function keepWay(way) {
  remember({ way, order: orderOf(remembered().get("sort")) ?? byName });
}

/** @param {ViewChoice} choice */
function remember({ way, order }) {
  try {
    localStorage.setItem(slot(), new URLSearchParams({ view: way, sort: written(order) }).toString());
  } catch {
    // storage is switched off or full: it is forgotten with the page
  }
}

function remembered() {
  try {
    return new URLSearchParams(localStorage.getItem(slot()) ?? "");
  } catch {
    return new URLSearchParams();
  }
}

/** @param {Order} order */
const written = ({ by, down }) => by + (down ? "-" : "");

/**
 * @param {string | null} text
 * @returns {Way | null}
 */
const wayOf = (text) => (text === "list" || text === "grid" ? text : null);

/**
 * @param {string | null} text
 * @returns {Order | null}
 */
function orderOf(text) {
  if (!text) return null;
  const down = text.endsWith("-");
  const by = allColumns.find((column) => column === (down ? text.slice(0, -1) : text));
  return by ? { by, down } : null;
}
