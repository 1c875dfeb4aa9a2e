/** Draws what the readers of mrkdwn, Markdown and rich text found. */
import { element } from "../dom/element.js";
import { safeAddress } from "../text/addresses.js";
import { emoji } from "../text/emoji.js";
import { formatted } from "../text/time.js";
import { codeLines } from "./code.js";

/** @typedef {import("../text/nodes.js").Flow} Flow */
/** @typedef {import("../text/nodes.js").Inline} Inline */
/** @typedef {import("../text/nodes.js").Item} Item */
/** @typedef {import("./host.js").Names} Names */
/** @typedef {import("../dom/element.js").Child} Child */

const TAGS = /** @type {const} */ ({ bold: "strong", italic: "em", strike: "s", underline: "u" });

/**
 * @param {Inline[]} nodes
 * @param {Names} names
 * @returns {Child[]}
 */
export function inline(nodes, names) {
  return nodes.map((node) => {
    switch (node.type) {
      case "text":
        return node.text;
      case "break":
        return element("br");
      case "code":
        return element("code", {}, node.text);
      case "link":
        return anchor(node.url, inline(node.children, names));
      case "user":
        return user(node.id, names);
      case "channel":
        return element(
          "span",
          { class: "mention" },
          `#${node.label || names.channelName(node.id)}`,
        );
      case "group":
        return element("span", { class: "mention" }, `@${node.label || node.id}`);
      case "broadcast":
        return element("span", { class: "mention loud" }, `@${node.range}`);
      case "emoji":
        return element("span", { role: "img", "aria-label": node.name }, emoji(node.name));
      case "color":
        return element("code", {}, node.value);
      case "date":
        return date(node);
      default:
        return element(TAGS[node.type], {}, ...inline(node.children, names));
    }
  });
}

/**
 * A link to elsewhere, or only its text where the address is not one to follow.
 * @param {string} url
 * @param {Child[]} children
 */
export function anchor(url, children) {
  if (safeAddress(url) === null) return element("span", {}, ...children);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/**
 * @param {string} id
 * @param {Names} names
 */
function user(id, names) {
  const mine = id === names.me ? " mine" : "";
  return element("span", { class: `mention${mine}` }, `@${names.userName(id)}`);
}

/** @param {Inline & { type: "date" }} node */
function date({ timestamp, format, fallback, url }) {
  const when = new Date(timestamp * 1000);
  if (Number.isNaN(when.getTime())) return fallback;
  const shown = element(
    "time",
    { datetime: when.toISOString(), title: fallback },
    formatted(timestamp, format),
  );
  return url ? anchor(url, [shown]) : shown;
}

/**
 * @param {Flow[]} nodes
 * @param {Names} names
 * @returns {HTMLElement[]}
 */
export function flow(nodes, names) {
  return nodes.map((node) => draw(node, names));
}

/**
 * @param {Flow} node
 * @param {Names} names
 * @returns {HTMLElement}
 */
function draw(node, names) {
  switch (node.type) {
    case "heading":
      return heading(node.level, inline(node.children, names));
    case "list":
      return list(node, names);
    case "quote":
      return element("blockquote", {}, ...flow(node.children, names));
    case "pre":
      return codeLines(node.text, node.language);
    case "rule":
      return element("hr");
    case "table":
      return tableOf(node, names);
    default:
      return element("p", {}, ...inline(node.children, names));
  }
}

/**
 * Headings of a text lie below those of the page.
 * @param {number} level
 * @param {Child[]} children
 */
function heading(level, children) {
  const below = String(Math.min(6, level + 2));
  return element(
    "div",
    { role: "heading", "aria-level": below, class: `heading h${level}` },
    ...children,
  );
}

/**
 * @param {Flow & { type: "list" }} node
 * @param {Names} names
 */
function list({ ordered, start, indent, items }, names) {
  const depth = indent ? ` indent-${indent}` : "";
  const drawn = items.map((item) => listItem(item, names));
  return ordered
    ? element("ol", { class: `list${depth}`, start: start === 1 ? null : start }, ...drawn)
    : element("ul", { class: `list${depth}` }, ...drawn);
}

/**
 * @param {Item} item
 * @param {Names} names
 */
function listItem({ children, checked }, names) {
  const [first, ...rest] = children;
  const lead = first?.type === "paragraph"
    ? [...inline(first.children, names), ...flow(rest, names)]
    : flow(children, names);
  if (checked === undefined) return element("li", {}, ...lead);
  const box = element("input", { type: "checkbox", disabled: true, checked, "aria-label": "task" });
  return element("li", { class: "task" }, box, ...lead);
}

/**
 * @param {Flow & { type: "table" }} node
 * @param {Names} names
 */
function tableOf({ head, rows, align }, names) {
  const cell =
    (/** @type {"th" | "td"} */ tag) =>
    (/** @type {Inline[]} */ nodes, /** @type {number} */ column) =>
      element(
        tag,
        { class: align[column] ?? null, scope: tag === "th" ? "col" : null },
        ...inline(nodes, names),
      );
  return scrollable(element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head.map(cell("th")))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map(cell("td"))))),
  ));
}

/**
 * A wide table scrolls in its own frame, by keyboard too.
 * @param {HTMLTableElement} table
 */
export function scrollable(table) {
  const frame = { class: "table", role: "region", "aria-label": "Table", tabindex: "0" };
  return element("div", frame, table);
}
