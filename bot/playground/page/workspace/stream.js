/** Follows the workspace as it changes; after a break it asks for everything anew. */
import { api } from "./api.js";

/**
 * Calls `reread` whenever the stream opens, before any event of it, and `heard` for each event.
 * Returns what ends it.
 * @param {string} user
 * @param {{
 *   reread: () => Promise<void>,
 *   heard: (event: Record<string, any>) => void,
 *   connection: (connected: boolean) => void,
 * }} listener
 */
export function follow(user, { reread, heard, connection }) {
  const source = api.stream(user);
  /** @type {Record<string, any>[] | null} */
  let waiting = [];
  let ended = false;

  source.addEventListener("open", async () => {
    waiting = [];
    try {
      await reread();
    } catch {
      connection(false);
      return;
    }
    if (ended) return;
    connection(true);
    const missed = waiting ?? [];
    waiting = null;
    missed.forEach(heard);
  });
  source.addEventListener("message", ({ data }) => {
    const event = JSON.parse(data);
    if (waiting) waiting.push(event);
    else heard(event);
  });
  source.addEventListener("error", () => connection(false));
  return () => {
    ended = true;
    source.close();
  };
}
