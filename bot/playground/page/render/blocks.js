/** Which block is drawn by what. A block that is unknown or broken becomes a labelled box. */
import { element } from "../dom/element.js";
import { markdown } from "../text/markdown.js";
import { richText } from "../text/rich_text.js";
import { flow } from "./markup.js";
import { drawElement } from "./elements.js";
import { image } from "./image.js";
import { input } from "./input.js";
import { objectText } from "./objects.js";
import { plan, taskCard } from "./plan.js";
import { section } from "./section.js";
import { table } from "./table.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

/** @type {Record<string, (block: Block, host: Host) => HTMLElement>} */
const DRAWN = {
  section,
  image,
  input,
  table,
  plan,
  task_card: taskCard,
  divider: () => element("hr"),
  header: (block) =>
    element("div", { role: "heading", "aria-level": "3", class: "heading h1" }, block.text.text),
  context: (block, host) =>
    element(
      "div",
      { class: "context" },
      ...block.elements.map((/** @type {Block} */ part) =>
        part.type === "image"
          ? image(part, host)
          : element("span", {}, ...objectText(part, host.names))
      ),
    ),
  actions: row,
  context_actions: row,
  rich_text: (block, { names }) =>
    element("div", { class: "text" }, ...flow(richText(block.elements), names)),
  markdown: (block, { names }) =>
    element("div", { class: "text document" }, ...flow(markdown(block.text), names)),
};

/**
 * @param {Block} block
 * @param {Host} host
 * @returns {HTMLElement}
 */
export function drawBlock(block, host) {
  if (!Object.hasOwn(DRAWN, block.type)) return unknown(block, "is not drawn here");
  try {
    const drawn = DRAWN[block.type](block, host);
    drawn.classList.add("block", `block-${block.type}`);
    return drawn;
  } catch (error) {
    // Whatever a block lacks, the message around it must still be read.
    console.warn(`A block of type ${block.type} could not be drawn:`, error);
    return unknown(block, "could not be drawn");
  }
}

/**
 * @param {Block} block
 * @param {Host} host
 */
function row(block, host) {
  const elements = block.elements.map((/** @type {Block} */ one) => drawElement(one, block, host));
  return element("div", { class: "actions", role: "group", "aria-label": "Actions" }, ...elements);
}

/**
 * @param {Block} block
 * @param {string} why
 */
function unknown(block, why) {
  return element(
    "div",
    { class: "block unknown" },
    element("code", {}, String(block.type)),
    ` block ${why}`,
  );
}
