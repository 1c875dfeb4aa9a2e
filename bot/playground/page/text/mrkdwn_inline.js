/** Reads a line of mrkdwn: emphasis, code, and what stands between angle brackets. */
import { safeAddress } from "./addresses.js";
import { isEmoji } from "./emoji.js";
import { decode } from "./entities.js";
import { plain } from "./nodes.js";

/** @typedef {import("./nodes.js").Inline} Inline */

const EMPHASIS = /** @type {const} */ ({ "*": "bold", _: "italic", "~": "strike" });
const BARE = /https?:\/\/[^\s<>|"'`]+[^\s<>|"'`.,;:!?)\]}*_~]/g;
const NAMED = /:([a-z0-9_+-]{1,40}):/g;
const WORD = /[\p{L}\p{N}]/u;
const DEEPEST = 8;

/**
 * @param {string} text
 * @param {number} [depth]
 * @returns {Inline[]}
 */
export function mrkdwnInline(text, depth = 0) {
  /** @type {Inline[]} */
  const nodes = [];
  let from = 0;
  let at = 0;
  /** @type {Record<string, number>} */
  const hopeless = {};
  while (at < text.length) {
    const found = depth < DEEPEST ? read(text, at, depth, hopeless) : null;
    if (!found) {
      at += 1;
      continue;
    }
    nodes.push(...words(text.slice(from, at)), found.node);
    at = from = found.end;
  }
  return [...nodes, ...words(text.slice(from))];
}

/**
 * What begins at this place, if anything does, and where it ends.
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @param {Record<string, number>} hopeless  from where on a sign is known not to be closed
 * @returns {{ node: Inline, end: number } | null}
 */
function read(text, at, depth, hopeless) {
  const sign = text[at];
  if (sign === "<") return bracketed(text, at, depth);
  if (sign === "`") return code(text, at);
  if (!(sign in EMPHASIS) || at >= (hopeless[sign] ?? Infinity)) return null;
  if (!opens(text, at)) return null;
  const end = closing(text, at);
  if (end === -1) {
    hopeless[sign] = at;
    return null;
  }
  const type = EMPHASIS[/** @type {keyof typeof EMPHASIS} */ (sign)];
  const children = mrkdwnInline(text.slice(at + 1, end), depth + 1);
  return { node: { type, children }, end: end + 1 };
}

/**
 * @param {string} text
 * @param {number} at
 */
function opens(text, at) {
  const next = text[at + 1] ?? " ";
  return !WORD.test(text[at - 1] ?? " ") && !/\s/.test(next) && next !== text[at];
}

/**
 * @param {string} text
 * @param {number} at
 */
function closing(text, at) {
  const sign = text[at];
  for (let end = text.indexOf(sign, at + 2); end !== -1; end = text.indexOf(sign, end + 1)) {
    if (!/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ")) {
      return text.slice(at, end).includes("\n") ? -1 : end;
    }
  }
  return -1;
}

/**
 * @param {string} text
 * @param {number} at
 * @returns {{ node: Inline, end: number } | null}
 */
function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
  return { node: { type: "code", text: decode(text.slice(at + 1, end)) }, end: end + 1 };
}

/**
 * @param {string} text
 * @param {number} at
 * @param {number} depth
 * @returns {{ node: Inline, end: number } | null}
 */
function bracketed(text, at, depth) {
  const end = text.indexOf(">", at);
  if (end === -1) return null;
  const inside = text.slice(at + 1, end);
  const bar = inside.indexOf("|");
  const [target, label] = bar === -1 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
  const node = mention(target, label) ?? link(target, label, depth);
  return node && { node, end: end + 1 };
}

/**
 * @param {string} target
 * @param {string} label
 * @returns {Inline | null}
 */
function mention(target, label) {
  const id = target.slice(1);
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { type: "user", id, label: decode(label) };
  if (/^#[CDG][A-Z0-9]+$/.test(target)) return { type: "channel", id, label: decode(label) };
  if (/^!(here|channel|everyone)$/.test(target)) return { type: "broadcast", range: id };
  if (target.startsWith("!subteam^")) {
    return { type: "group", id: target.slice(9), label: decode(label) };
  }
  const date = /^!date\^(\d+)\^([^^]+)(?:\^(.+))?$/.exec(target);
  if (!date) return null;
  const [, timestamp, format, url] = date;
  return { type: "date", timestamp: Number(timestamp), format, fallback: decode(label), url };
}

/**
 * @param {string} target
 * @param {string} label
 * @param {number} depth
 * @returns {Inline | null}
 */
function link(target, label, depth) {
  const url = decode(target);
  if (!/^(https?:|mailto:)/i.test(url) || safeAddress(url) === null) return null;
  const shown = label ? mrkdwnInline(label, depth + 1) : plain(url.replace(/^mailto:/, ""));
  return { type: "link", url, children: unlinked(shown) };
}

/**
 * A link holds no further links.
 * @param {Inline[]} nodes
 * @returns {Inline[]}
 */
function unlinked(nodes) {
  return nodes.flatMap((node) => node.type === "link" ? node.children : [node]);
}

/**
 * Running text with its bare addresses linked and its emoji pictured.
 * @param {string} text
 * @returns {Inline[]}
 */
function words(text) {
  return between(text, BARE, ([url]) => ({
    type: "link",
    url: decode(url),
    children: plain(decode(url)),
  }), pictured);
}

/**
 * @param {string} text
 * @returns {Inline[]}
 */
function pictured(text) {
  return between(
    text,
    NAMED,
    ([, name]) => isEmoji(name) ? { type: "emoji", name } : null,
    (rest) => plain(decode(rest)),
  );
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {(match: RegExpMatchArray) => Inline | null} make
 * @param {(text: string) => Inline[]} rest
 * @returns {Inline[]}
 */
function between(text, pattern, make, rest) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const node = make(match);
    if (!node) continue;
    nodes.push(...rest(text.slice(from, match.index)), node);
    from = /** @type {number} */ (match.index) + match[0].length;
  }
  return [...nodes, ...rest(text.slice(from))];
}
