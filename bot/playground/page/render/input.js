/** A modal's input block: label, element, hint, and the place for its error. */
import { element } from "../dom/element.js";
import { drawElement } from "./elements.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

let numbered = 0;

/**
 * @param {Block} block
 * @param {Host} host
 */
export function input(block, host) {
  const name = `field-${++numbered}`;
  const control = drawElement(block.element, block, host);
  control.id = name;
  const grouped = control.matches("[role=group], [role=radiogroup]");
  control.setAttribute("aria-describedby", `${name}-hint ${name}-error`);
  if (!block.optional) control.setAttribute(grouped ? "data-required" : "aria-required", "true");
  control.removeAttribute("aria-label");
  if (grouped) control.setAttribute("aria-labelledby", `${name}-label`);
  return element(
    "div",
    { class: "field", "data-block": block.block_id },
    element(
      "div",
      { class: "field-top" },
      element(
        grouped ? "span" : "label",
        { class: "field-label", id: `${name}-label`, for: grouped ? null : name },
        block.label.text,
      ),
      block.optional && element("span", { class: "optional" }, "optional"),
    ),
    control,
    element("p", { class: "hint", id: `${name}-hint` }, block.hint?.text),
    element("p", { class: "error", id: `${name}-error` }),
  );
}

/**
 * Shows one sentence at each field named, and none at the others; focuses the first.
 * @param {HTMLElement} form
 * @param {Record<string, string>} errors by block_id
 */
export function showErrors(form, errors) {
  /** @type {HTMLElement | undefined} */
  let first;
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll(".field"))) {
    const sentence = errors[field.dataset.block ?? ""] ?? "";
    const control = /** @type {HTMLElement} */ (field.children[1]);
    control.setAttribute("aria-invalid", String(sentence !== ""));
    /** @type {HTMLElement} */ (field.querySelector(".error")).textContent = sentence;
    if (sentence) first ??= control;
  }
  const inner = first?.matches("[role]") ? first.querySelector("input") : null;
  (inner ?? first)?.focus();
}
