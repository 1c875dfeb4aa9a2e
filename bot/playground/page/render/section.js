/** A section: text, fields in two columns, and one element beside them. */
import { element } from "../dom/element.js";
import { drawElement } from "./elements.js";
import { image } from "./image.js";
import { objectFlow } from "./objects.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

/**
 * @param {Block} block
 * @param {Host} host
 */
export function section(block, host) {
  const { text, fields, accessory } = block;
  const column = (/** @type {Block} */ field) =>
    element("div", { class: "text" }, ...objectFlow(field, host.names));
  return element(
    "div",
    { class: "section" },
    element(
      "div",
      { class: "section-main" },
      text && element("div", { class: "text" }, ...objectFlow(text, host.names)),
      fields && element("div", { class: "fields" }, ...fields.map(column)),
    ),
    accessory && element("div", { class: "accessory" }, beside(accessory, block, host)),
  );
}

/**
 * @param {Block} accessory
 * @param {Block} block
 * @param {Host} host
 */
function beside(accessory, block, host) {
  return accessory.type === "image" ? image(accessory, host) : drawElement(accessory, block, host);
}
