/** The three characters that Slack's text writes as entities. */

/** @type {Record<string, string>} */
const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** @param {string} text */
export function decode(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => CHARACTERS[entity]);
}
