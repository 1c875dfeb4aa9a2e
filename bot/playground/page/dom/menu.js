/** A button that opens a short list of choices. */
import { element } from "./element.js";

/** @typedef {import("./element.js").Child} Child */
/** @typedef {{ label: Child[], checked?: boolean, choose: () => void }} Choice */

/**
 * @param {Record<string, unknown>} attributes of the button; it needs a name of some kind
 * @param {Child[]} face what the button shows
 * @param {() => Choice[]} choices read each time it opens
 */
export function menu(attributes, face, choices) {
  const list = element("div", { class: "menu-list", role: "menu", hidden: true });
  const button = element("button", {
    type: "button",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    onclick: () => list.hidden ? open() : close(),
    ...attributes,
  }, ...face);
  const holder = element(
    "div",
    { class: "menu", onkeydown: steer, onfocusout: leave },
    button,
    list,
  );

  function open() {
    list.replaceChildren(...choices().map(entry));
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    entries()[Math.max(0, choices().findIndex((choice) => choice.checked))]?.focus();
  }

  function close() {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }

  /** @param {Choice} choice */
  function entry({ label, checked, choose }) {
    const radio = checked === undefined
      ? { role: "menuitem" }
      : { role: "menuitemradio", "aria-checked": String(checked) };
    return element("button", {
      type: "button",
      tabindex: "-1",
      ...radio,
      onclick: () => {
        close();
        button.focus();
        choose();
      },
    }, ...label);
  }

  function entries() {
    return /** @type {HTMLElement[]} */ ([...list.children]);
  }

  /** @param {KeyboardEvent} event */
  function steer(event) {
    if (list.hidden) return;
    const here = entries().indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 };
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      button.focus();
    } else if (event.key in steps) {
      event.preventDefault();
      const step = steps[/** @type {keyof typeof steps} */ (event.key)];
      entries().at(step % entries().length)?.focus();
    }
  }

  /** @param {FocusEvent} event */
  function leave(event) {
    if (!holder.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  }

  return holder;
}
