/** Dialogs on the native element: it traps focus, makes the rest inert and gives focus back. */
import { element } from "./element.js";

/** @typedef {import("./element.js").Child} Child */

let numbered = 0;

/**
 * Opens a dialog; `close` removes it. Escape calls `onescape`, which may keep it open.
 * @param {{ title: string, className?: string, onescape: () => void }} how
 * @param {(titleId: string) => Child[]} content  given the id that its heading must have
 */
export function openDialog({ title, className = "", onescape }, content) {
  const titleId = `dialog-title-${++numbered}`;
  const opener = /** @type {HTMLElement | null} */ (document.activeElement);
  const dialog = element("dialog", {
    class: `dialog ${className}`,
    "aria-labelledby": titleId,
    "aria-label": title,
    oncancel: (/** @type {Event} */ event) => {
      if (event.target !== dialog) return;
      event.preventDefault();
      onescape();
    },
    // Chromium closes a dialog at the second Escape without asking: the first is taken here.
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      onescape();
    },
  }, ...content(titleId));
  document.body.append(dialog);
  dialog.showModal();
  const close = () => {
    dialog.close();
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  };
  return { dialog, close };
}

/**
 * Asks a question with two answers; resolves to whether the first was chosen.
 * @param {{ title: string, text: Child | Child[], yes: string, no: string, style?: string }} how
 * @returns {Promise<boolean>}
 */
export function ask({ title, text, yes, no, style = "primary" }) {
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ chosen) => {
      close();
      resolve(chosen);
    };
    const agree = element("button", {
      type: "button",
      class: `button ${style}`,
      onclick: () => answer(true),
    }, yes);
    const { close } = openDialog(
      { title, className: "question", onescape: () => answer(false) },
      (titleId) => [
        element("h2", { id: titleId }, title),
        element("div", { class: "dialog-body" }, ...[text].flat()),
        element(
          "div",
          { class: "dialog-foot" },
          element("button", { type: "button", class: "button", onclick: () => answer(false) }, no),
          agree,
        ),
      ],
    );
    agree.focus();
  });
}
