/** Which interactive element is drawn by what. */
import { element } from "../dom/element.js";
import { button, feedback, iconButton, overflow } from "./elements/buttons.js";
import { checkboxes, multiSelect, radioButtons, select } from "./elements/choices.js";
import { fileInput, moment, textInput } from "./elements/fields.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Element} Element */
/** @typedef {import("./host.js").Host} Host */

/** @type {Record<string, (element: Element, block: Block, host: Host) => HTMLElement>} */
const DRAWN = {
  button,
  icon_button: iconButton,
  feedback_buttons: feedback,
  overflow,
  static_select: select,
  users_select: select,
  channels_select: select,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  radio_buttons: radioButtons,
  checkboxes,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
  file_input: fileInput,
  datepicker: moment,
  timepicker: moment,
  datetimepicker: moment,
};

/**
 * @param {Element} given
 * @param {Block} block the block that holds it
 * @param {Host} host
 */
export function drawElement(given, block, host) {
  if (Object.hasOwn(DRAWN, given.type)) return DRAWN[given.type](given, block, host);
  return element(
    "span",
    { class: "unknown" },
    element("code", {}, given.type),
    " is not drawn here",
  );
}
