/** Reads Slack's rich_text elements. */
import { plain } from "./nodes.js";

/** @typedef {import("./nodes.js").Flow} Flow */
/** @typedef {import("./nodes.js").Inline} Inline */
/** @typedef {Record<string, any>} Piece */

/**
 * @param {Piece[]} elements
 * @returns {Flow[]}
 */
export function richText(elements) {
  return elements.map((element) => {
    const children = element.elements ?? [];
    switch (element.type) {
      case "rich_text_list":
        return list(element);
      case "rich_text_quote":
        return { type: "quote", children: [{ type: "paragraph", children: pieces(children) }] };
      case "rich_text_preformatted":
        return { type: "pre", text: children.map(words).join(""), language: "" };
      default:
        return { type: "paragraph", children: pieces(children) };
    }
  });
}

/**
 * @param {Piece} element
 * @returns {Flow}
 */
function list({ style, indent = 0, offset = 0, elements = [] }) {
  const items = elements.map((/** @type {Piece} */ section) => ({
    children: [{ type: "paragraph", children: pieces(section.elements ?? []) }],
  }));
  return { type: "list", ordered: style === "ordered", start: offset + 1, indent, items };
}

/** @param {Piece} piece */
function words(piece) {
  return String(piece.text ?? piece.url ?? "");
}

/**
 * @param {Piece[]} elements
 * @returns {Inline[]}
 */
function pieces(elements) {
  return elements.flatMap((piece) => styled(piece, read(piece)));
}

/**
 * @param {Piece} piece
 * @returns {Inline[]}
 */
function read(piece) {
  switch (piece.type) {
    case "link":
      return [{ type: "link", url: piece.url, children: plain(words(piece)) }];
    case "user":
      return [{ type: "user", id: piece.user_id }];
    case "channel":
      return [{ type: "channel", id: piece.channel_id }];
    case "usergroup":
      return [{ type: "group", id: piece.usergroup_id }];
    case "broadcast":
      return [{ type: "broadcast", range: piece.range }];
    case "emoji":
      return [{ type: "emoji", name: piece.name }];
    case "color":
      return [{ type: "color", value: piece.value }];
    case "date":
      return [{ ...date(piece), type: "date" }];
    default:
      return plain(words(piece));
  }
}

/** @param {Piece} piece */
function date({ timestamp, format, fallback = "", url }) {
  return { timestamp, format, fallback, url };
}

/**
 * @param {Piece} piece
 * @param {Inline[]} nodes
 * @returns {Inline[]}
 */
function styled({ style = {}, text = "" }, nodes) {
  if (style.code) nodes = [{ type: "code", text }];
  for (const type of /** @type {const} */ (["bold", "italic", "strike", "underline"])) {
    if (style[type]) nodes = [{ type, children: nodes }];
  }
  return nodes;
}
