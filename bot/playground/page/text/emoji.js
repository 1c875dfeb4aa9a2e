/** Emoji by name: the ones people react with; any other name is shown as it was written. */

/** @type {Record<string, string>} */
const PICTURES = {
  "+1": "👍",
  "-1": "👎",
  arrows_counterclockwise: "🔄",
  bulb: "💡",
  eyes: "👀",
  hourglass_flowing_sand: "⏳",
  no_entry: "⛔",
  octagonal_sign: "🛑",
  pray: "🙏",
  question: "❓",
  rocket: "🚀",
  tada: "🎉",
  thinking_face: "🤔",
  thumbsdown: "👎",
  thumbsup: "👍",
  warning: "⚠️",
  wave: "👋",
  white_check_mark: "✅",
  x: "❌",
};

/** @param {string} name */
export function emoji(name) {
  return Object.hasOwn(PICTURES, name) ? PICTURES[name] : `:${name}:`;
}

/** @param {string} name */
export function isEmoji(name) {
  return Object.hasOwn(PICTURES, name);
}
