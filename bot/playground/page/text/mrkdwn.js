/** Reads Slack's mrkdwn. What is not well formed stays the text that it is. */
import { decode } from "./entities.js";
import { mrkdwnInline } from "./mrkdwn_inline.js";

/** @typedef {import("./nodes.js").Flow} Flow */
/** @typedef {import("./nodes.js").Item} Item */

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const QUOTED = /^(?:>|&gt;) ?/;
const BULLET = /^(\s*)(?:[•◦▪-]|(\d{1,9})[.)])\s+(.*)$/;

/**
 * @param {string} text
 * @returns {Flow[]}
 */
export function mrkdwn(text) {
  const flow = [];
  let from = 0;
  for (const fence of text.matchAll(FENCE)) {
    flow.push(...lines(text.slice(from, fence.index).replace(/\n$/, "")));
    flow.push(/** @type {Flow} */ ({ type: "pre", text: decode(fence[1]), language: "" }));
    from = fence.index + fence[0].length;
  }
  flow.push(...lines(from > 0 ? text.slice(from).replace(/^\n/, "") : text));
  return flow;
}

/**
 * @param {string} text without fenced code
 * @returns {Flow[]}
 */
function lines(text) {
  if (text === "") return [];
  /** @type {{ kind: "text" | "quote" | "list", lines: string[] }[]} */
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = QUOTED.test(line) ? "quote" : BULLET.test(line) ? "list" : "text";
    const last = groups.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap((group) => {
    if (group.kind === "quote") return [quote(group.lines)];
    if (group.kind === "list") return lists(group.lines);
    return paragraphs(group.lines);
  });
}

/**
 * @param {string[]} group
 * @returns {Flow}
 */
function quote(group) {
  const inner = group.map((line) => line.replace(QUOTED, "")).join("\n");
  return { type: "quote", children: [{ type: "paragraph", children: mrkdwnInline(inner) }] };
}

/**
 * Paragraphs are parted by empty lines.
 * @param {string[]} group
 * @returns {Flow[]}
 */
function paragraphs(group) {
  return group.join("\n").split(/\n{2,}/).filter((text) => text.trim() !== "").map((text) => ({
    type: "paragraph",
    children: mrkdwnInline(text.replace(/^\n|\n$/g, "")),
  }));
}

/**
 * One list for each run of lines of one kind and depth.
 * @param {string[]} group
 * @returns {Flow[]}
 */
function lists(group) {
  /** @type {(Flow & { type: "list" })[]} */
  const made = [];
  for (const line of group) {
    const [, space, number, text] = /** @type {RegExpExecArray} */ (BULLET.exec(line));
    const ordered = number !== undefined;
    const indent = Math.min(8, Math.floor(space.length / 2));
    let list = made.at(-1);
    if (!list || list.ordered !== ordered || list.indent !== indent) {
      list = { type: "list", ordered, start: Number(number ?? 1), indent, items: [] };
      made.push(list);
    }
    list.items.push({ children: [{ type: "paragraph", children: mrkdwnInline(text) }] });
  }
  return made;
}
