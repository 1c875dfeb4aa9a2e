/** Text objects: plain text or mrkdwn, within a line or as paragraphs. */
import { element } from "../dom/element.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { mrkdwnInline } from "../text/mrkdwn_inline.js";
import { plain } from "../text/nodes.js";
import { flow, inline } from "./markup.js";

/** @typedef {import("./host.js").Block} TextObject  {type: plain_text or mrkdwn, text} */
/** @typedef {import("./host.js").Names} Names */

/**
 * @param {TextObject} text
 * @param {Names} names
 */
export function objectText(text, names) {
  return inline(text.type === "mrkdwn" ? mrkdwnInline(text.text) : plain(text.text), names);
}

/**
 * @param {TextObject} text
 * @param {Names} names
 */
export function objectFlow(text, names) {
  if (text.type !== "mrkdwn") return [element("p", {}, ...inline(plain(text.text), names))];
  return flow(mrkdwn(text.text), names);
}
