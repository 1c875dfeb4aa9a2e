/** Using an element: the confirmation first, then the bot is told, and once at a time. */
import { ask } from "../../dom/dialog.js";
import { notify } from "../../dom/announce.js";
import { objectFlow } from "../objects.js";

/** @typedef {import("../host.js").Block} Block */
/** @typedef {import("../host.js").Element} Element */
/** @typedef {import("../host.js").Entry} Entry */
/** @typedef {import("../host.js").Host} Host */

/**
 * Resolves to whether the bot was told.
 * @param {Element} element
 * @param {Block} block
 * @param {Host} host
 * @param {Entry} entry
 * @param {HTMLElement} [busy] what is out of use meanwhile
 */
export async function use(element, block, host, entry, busy) {
  if (busy?.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm, host))) return false;
  busy?.setAttribute("aria-busy", "true");
  try {
    await host.act(block.block_id, element.action_id, { type: element.type, ...entry });
    return true;
  } catch (error) {
    notify(/** @type {Error} */ (error).message);
    return false;
  } finally {
    busy?.removeAttribute("aria-busy");
  }
}

/**
 * Whether this element tells the bot at each change, instead of waiting for the form's submission.
 * @param {Block} block
 */
export function tellsAtOnce(block) {
  return block.type !== "input" || block.dispatch_action === true;
}

/**
 * @param {Element} confirm
 * @param {Host} host
 */
function confirmed(confirm, host) {
  return ask({
    title: confirm.title.text,
    text: objectFlow(confirm.text, host.names),
    yes: confirm.confirm.text,
    no: confirm.deny.text,
    style: confirm.style,
  });
}
