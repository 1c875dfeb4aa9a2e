/** Reads a paragraph of Markdown: emphasis, code, links. HTML is text like any other. */
import { safeAddress } from "./addresses.js";
import { plain } from "./nodes.js";

/** @typedef {import("./nodes.js").Inline} Inline */
/** @typedef {{ node: Inline | Inline[], end: number } | null} Found */

const WORD = /[\p{L}\p{N}]/u;
const ESCAPED = /[!-/:-@[-`{-~]/;
const AUTOLINK = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/;
const BARE = /^https?:\/\/[^\s<>"'`|]+[^\s<>"'`|.,;:!?)\]}*_~]/;
const LINK =
  /^!?\[((?:[^[\]\\\n]|\\.|`[^`\n]*`|\[[^[\]\n]*\])*)\]\(<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+(?:"[^"\n]*"|'[^'\n]*'))?\)/;
const MARKS = /** @type {const} */ ([
  ["**", "bold"],
  ["__", "bold"],
  ["~~", "strike"],
  ["*", "italic"],
  ["_", "italic"],
]);
const LONGEST_LINK = 4000;
const DEEPEST = 8;

/**
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function markdownInline(text, depth = 0) {
  /** @type {Inline[]} */
  const nodes = [];
  /** @type {Record<string, number>} */
  const hopeless = {};
  let words = "";
  let at = 0;
  while (at < text.length) {
    const found = depth < DEEPEST ? read(text, at, depth, hopeless) : null;
    if (found) {
      nodes.push(...plain(words), ...[found.node].flat());
      words = "";
      at = found.end;
    } else if (text[at] === "\\" && ESCAPED.test(text[at + 1] ?? "")) {
      words += text[at + 1];
      at += 2;
    } else {
      words += text[at];
      at += 1;
    }
  }
  return [...nodes, ...plain(words)];
}

/**
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @param {Record<string, number>} hopeless  from where on a mark is known not to be closed
 * @returns {Found}
 */
function read(text, at, depth, hopeless) {
  switch (text[at]) {
    case "`":
      return code(text, at);
    case "[":
    case "!":
      return link(text, at, depth);
    case "<":
      return address(AUTOLINK.exec(text.slice(at, at + LONGEST_LINK)), at);
    case "h":
      return WORD.test(text[at - 1] ?? " ")
        ? null
        : address(BARE.exec(text.slice(at, at + LONGEST_LINK)), at);
    case "*":
    case "_":
    case "~":
      return emphasis(text, at, depth, hopeless);
    default:
      return null;
  }
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {Found}
 */
function code(text, at) {
  const ticks = /** @type {RegExpExecArray} */ (/^`+/.exec(text.slice(at, at + 20)))[0];
  const end = text.indexOf(ticks, at + ticks.length);
  if (end === -1) return { node: plain(ticks), end: at + ticks.length };
  const inside = text.slice(at + ticks.length, end).replaceAll("\n", " ");
  return {
    node: { type: "code", text: inside.trim() === "" ? inside : inside.trim() },
    end: end + ticks.length,
  };
}

/**
 * A picture becomes a link to it: nothing is loaded from elsewhere.
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @returns {Found}
 */
function link(text, at, depth) {
  const match = LINK.exec(text.slice(at, at + LONGEST_LINK));
  if (!match) return null;
  const children = markdownInline(match[1] || match[2], depth + 1)
    .flatMap((node) => node.type === "link" ? node.children : [node]);
  const local = /^(#|[./\w-]+$)/.test(match[2]) && !/^\w+:/.test(match[2]);
  const linked = !local && safeAddress(match[2]) !== null;
  const end = at + match[0].length;
  return { node: linked ? { type: "link", url: match[2], children } : children, end };
}

/**
 * @param {RegExpExecArray | null} match
 * @param {number} at
 * @returns {Found}
 */
function address(match, at) {
  if (!match) return null;
  const url = match[1] ?? match[0];
  if (safeAddress(url) === null) return null;
  return { node: { type: "link", url, children: plain(url) }, end: at + match[0].length };
}

/**
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @param {Record<string, number>} hopeless
 * @returns {Found}
 */
function emphasis(text, at, depth, hopeless) {
  for (const [sign, type] of MARKS) {
    if (!text.startsWith(sign, at) || at >= (hopeless[sign] ?? Infinity)) continue;
    if (/\s/.test(text[at + sign.length] ?? " ")) continue;
    if (sign.startsWith("_") && WORD.test(text[at - 1] ?? " ")) continue;
    const end = closing(text, at, sign);
    if (end === -1) {
      hopeless[sign] = at;
      continue;
    }
    const children = markdownInline(text.slice(at + sign.length, end), depth + 1);
    return { node: { type, children }, end: end + sign.length };
  }
  return null;
}

/**
 * @param {string} text
 * @param {number} at
 * @param {string} sign
 */
function closing(text, at, sign) {
  const width = sign.length;
  for (
    let end = text.indexOf(sign, at + width + 1);
    end !== -1;
    end = text.indexOf(sign, end + width)
  ) {
    if (/[\s\\]/.test(text[end - 1])) continue;
    if (sign.startsWith("_") && WORD.test(text[end + width] ?? " ")) continue;
    if (width === 1 && text[end + 1] === sign) {
      end += 1;
      continue;
    }
    // Of three signs the first closes what lies within.
    return width === 2 && text[end + 2] === sign[0] ? end + 1 : end;
  }
  return -1;
}
