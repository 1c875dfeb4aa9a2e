/**
 * Builds elements. Everything on the page passes through here, as text nodes and vetted
 * attributes and never as markup: text from outside stays text.
 */
import { localSource, safeAddress } from "../text/addresses.js";

/** @typedef {Node | string | null | undefined | false} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes, listeners (functions under `on…`) and children. An attribute that
 * is null or false is left out; one that is true is set empty.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(made, name, value);
  made.append(...present(children));
  return made;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Node} children
 */
export function drawing(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...present(children));
}

/** @param {(Child | Child[])[]} children */
function present(children) {
  return /** @type {(Node | string)[]} */ (children.flat().filter((child) =>
    child !== null && child !== undefined && child !== false && child !== ""
  ));
}

/**
 * @param {HTMLElement} made
 * @param {string} name
 * @param {unknown} value
 */
function set(made, name, value) {
  if (typeof value === "function" && name.startsWith("on")) {
    made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    return;
  }
  const vetted = vet(name, value);
  if (vetted === null || vetted === undefined || vetted === false) return;
  made.setAttribute(name, vetted === true ? "" : String(vetted));
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function vet(name, value) {
  if (name.startsWith("on") || name === "srcdoc" || name === "style") return null;
  if (name === "href") return safeAddress(value);
  if (name === "src") return localSource(value);
  return value;
}
