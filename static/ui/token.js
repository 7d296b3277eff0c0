// The token of a setup or invite link: it comes in the fragment, which no server sees, and leaves the address bar at once.

/**
 * @returns {string} empty if there is none
 */
export function takeToken() {
  const token = location.hash.slice(1);
  if (token) history.replaceState(null, "", location.pathname);
  // Another such link opened in this tab changes nothing but the fragment.
  addEventListener("hashchange", () => location.reload());
  return token;
}
