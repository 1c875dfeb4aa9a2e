/** Buttons, and the menu behind three dots. */
import { element } from "../../dom/element.js";
import { icon } from "../../dom/icons.js";
import { menu } from "../../dom/menu.js";
import { safeAddress } from "../../text/addresses.js";
import { use } from "./acting.js";

/** @typedef {import("../host.js").Block} Block */
/** @typedef {import("../host.js").Element} Element */
/** @typedef {import("../host.js").Host} Host */

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function button(given, block, host) {
  const face = {
    class: `button ${given.style ?? ""}`,
    "aria-label": given.accessibility_label,
    "data-action": given.action_id,
  };
  const press = () => use(given, block, host, { value: given.value }, made);
  // A link opens as the bot is told; Slack tells it too.
  /** @type {HTMLElement} */
  const made = given.url && safeAddress(given.url)
    ? element("a", {
      ...face,
      href: given.url,
      target: "_blank",
      rel: "noopener noreferrer",
      onclick: press,
    }, given.text.text)
    : element("button", { ...face, type: "button", onclick: press }, given.text.text);
  return made;
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function iconButton(given, block, host) {
  const label = given.accessibility_label ?? given.text.text;
  /** @type {HTMLElement} */
  const made = element(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": label,
      onclick: () => use(given, block, host, { value: given.value }, made),
    },
    given.icon === "trash" ? icon("trash") : null,
    given.text.text,
  );
  return made;
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function feedback(given, block, host) {
  const side = (/** @type {Element} */ choice) => {
    /** @type {HTMLElement} */
    const made = element("button", {
      type: "button",
      class: "button small",
      "aria-label": choice.accessibility_label,
      onclick: () => use(given, block, host, { value: choice.value }, made),
    }, choice.text.text);
    return made;
  };
  return element(
    "span",
    { class: "feedback", role: "group", "aria-label": "Feedback" },
    side(given.positive_button),
    side(given.negative_button),
  );
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function overflow(given, block, host) {
  const choices = () =>
    given.options.map((/** @type {Element} */ option) => ({
      label: [
        element("span", {}, option.text.text),
        option.description && element("small", {}, option.description.text),
      ],
      choose: () => {
        if (option.url && safeAddress(option.url)) open(option.url, "_blank", "noopener");
        use(given, block, host, { selected_option: option });
      },
    }));
  return menu({ class: "button icon-only", "aria-label": "More" }, [icon("more")], choices);
}
