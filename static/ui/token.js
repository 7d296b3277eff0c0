// The token of a setup or invite link: it comes in the fragment, which no server sees, and leaves the address bar at once. Until it is used, this
// tab remembers it.

/**
 * @returns {string} empty if there is none
 */
export function takeToken() {
  const token = location.hash.slice(1) || sessionStorage.getItem(kept()) || "";
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (token) sessionStorage.setItem(kept(), token); // a reload works
  // Another such link opened in this tab changes nothing but the fragment.
  addEventListener("hashchange", () => location.reload());
  return token;
}

/** Forgets the token, which is used up. */
export function forgetToken() {
  sessionStorage.removeItem(kept());
}

function kept() {
  return `thorpe-token ${location.pathname}`;
}
