/** Where the page is, in its address: #/<channel>/<thread>. "Back" goes back, on a phone too. */

/** @typedef {{ channel: string | null, thread: string | null }} Route */

/** @returns {Route} */
export function route() {
  const [, channel = "", thread = ""] = location.hash.split("/").map(decodeURIComponent);
  return { channel: channel || null, thread: thread || null };
}

/**
 * @param {string | null} [channel]
 * @param {string | null} [thread]
 */
export function go(channel, thread) {
  location.hash = ["#", channel, thread].filter(Boolean).join("/");
}

/**
 * Takes the place of the present address, so that "back" does not return to it.
 * @param {string} channel
 */
export function settle(channel) {
  history.replaceState(null, "", `#/${channel}`);
}

/** @param {() => void} listener */
export function onRoute(listener) {
  addEventListener("hashchange", listener);
}
