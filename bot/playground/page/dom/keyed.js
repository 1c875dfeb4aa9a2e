/** Lists whose nodes outlive changes: what did not change is not drawn again. */

/** @typedef {{ node: HTMLElement, shown: string, item: any }} Kept */

/** @type {WeakMap<Element, Map<string, Kept>>} */
const keptIn = new WeakMap();

/**
 * Makes `container` hold one node for each item, in order. A node whose item is the same as before
 * is left alone (its open menus, spinners and focus too); `update` gives the node for an item that
 * did change: the old one with what is new, or another. `shown` tells what of an item can be seen.
 * @template Item
 * @param {Element} container
 * @param {Item[]} items
 * @param {{
 *   key: (item: Item, position: number) => string,
 *   create: (item: Item) => HTMLElement,
 *   shown?: (item: Item) => string,
 *   update?: (node: HTMLElement, item: Item, before: Item) => HTMLElement,
 * }} how
 */
export function keepInStep(
  container,
  items,
  { key, create, update, shown: seen = JSON.stringify },
) {
  const before = keptIn.get(container) ?? new Map();
  const after = new Map();
  items.forEach((item, position) => {
    const name = key(item, position);
    const shown = seen(item);
    const kept = before.get(name);
    const node = kept?.shown === shown
      ? kept.node
      : kept && update
      ? update(kept.node, item, kept.item)
      : create(item);
    after.set(name, { node, shown, item });
  });
  keptIn.set(container, after);
  place(container, [...after.values()].map((kept) => kept.node));
}

/**
 * @param {Element} container
 * @param {HTMLElement[]} nodes
 */
function place(container, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...container.children]) {
    if (!wanted.has(/** @type {HTMLElement} */ (node))) node.remove();
  }
  nodes.forEach((node, position) => {
    if (container.children[position] !== node) {
      container.insertBefore(node, container.children[position] ?? null);
    }
  });
}
