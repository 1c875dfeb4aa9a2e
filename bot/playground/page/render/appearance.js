/** What of a block can be seen. */

/** @typedef {import("./host.js").Block} Block */

const USED = new Set(["actions", "context_actions", "input"]);

/**
 * What a block shows, to tell whether it changed. An edit gives every block a new id: that counts
 * only where the id is sent back.
 * @param {Block} block
 */
export function appearance(block) {
  if (USED.has(block.type) || block.accessory) return JSON.stringify(block);
  return JSON.stringify(block, (name, value) => name === "block_id" ? undefined : value);
}
