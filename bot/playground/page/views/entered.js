/** What was chosen or typed in blocks and not yet sent, so that a redrawn block still shows it. */

/** @typedef {import("../render/host.js").Entry} Entry */

export class Entered {
  /** @type {Map<string, Map<string, Entry>>} */
  #blocks = new Map();

  /**
   * @param {string} blockId
   * @param {string} actionId
   * @param {Entry} entry
   */
  hold(blockId, actionId, entry) {
    const block = this.#blocks.get(blockId) ?? new Map();
    this.#blocks.set(blockId, block.set(actionId, entry));
  }

  /**
   * @param {string} blockId
   * @param {string} actionId
   */
  held(blockId, actionId) {
    return this.#blocks.get(blockId)?.get(actionId);
  }

  /** By block_id and action_id, as an interaction's state carries it. */
  values() {
    const blocks = [...this.#blocks].map(([name, block]) => [name, Object.fromEntries(block)]);
    return Object.fromEntries(blocks);
  }
}
