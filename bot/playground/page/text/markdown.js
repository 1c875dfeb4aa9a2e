/** Reads Markdown: the blocks of CommonMark and GitHub's tables and task lists, HTML as text. */
import { markdownInline } from "./markdown_inline.js";
import { isTable, table } from "./markdown_table.js";

/** @typedef {import("./nodes.js").Flow} Flow */
/** @typedef {import("./nodes.js").Item} Item */

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}> ?/;
const BULLET = /^( {0,3})(?:[-*+]|(\d{1,9})[.)])(\s+)(?=\S)/;
const TASK = /^\[([ xX])\]\s+/;
const DEEPEST = 8;

/**
 * @param {string} text
 * @returns {Flow[]}
 */
export function markdown(text) {
  return blocks(text.replaceAll("\r\n", "\n").replaceAll("\t", "    ").split("\n"), 0);
}

/**
 * @param {string[]} lines
 * @param {number} depth
 * @returns {Flow[]}
 */
function blocks(lines, depth) {
  if (depth > DEEPEST) return [paragraph(lines)];
  const flow = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === "") {
      at += 1;
      continue;
    }
    const [node, next] = block(lines, at, depth);
    flow.push(node);
    at = next;
  }
  return flow;
}

/**
 * The block that begins at a line, and the line after it.
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {[Flow, number]}
 */
function block(lines, at, depth) {
  const line = lines[at];
  const fence = FENCE.exec(line);
  if (fence) return fenced(lines, at, fence);
  const heading = HEADING.exec(line);
  if (heading) {
    const [, signs, title] = heading;
    return [{ type: "heading", level: signs.length, children: markdownInline(title) }, at + 1];
  }
  if (RULE.test(line)) return [{ type: "rule" }, at + 1];
  if (QUOTE.test(line)) return quoted(lines, at, depth);
  if (BULLET.test(line)) return listed(lines, at, depth);
  if (isTable(lines, at)) return table(lines, at);
  const end = until(lines, at + 1, (next) => starts(next));
  return [paragraph(lines.slice(at, end)), end];
}

/** @param {string} line */
function starts(line) {
  return line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line) ||
    QUOTE.test(line) || BULLET.test(line);
}

/**
 * @param {string[]} lines
 * @param {number} from
 * @param {(line: string) => boolean} stop
 */
function until(lines, from, stop) {
  let end = from;
  while (end < lines.length && !stop(lines[end])) end += 1;
  return end;
}

/**
 * @param {string[]} lines
 * @returns {Flow}
 */
function paragraph(lines) {
  const text = lines.map((line) => line.trimStart()).join("\n");
  return { type: "paragraph", children: markdownInline(text) };
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {RegExpExecArray} fence
 * @returns {[Flow, number]}
 */
function fenced(lines, at, fence) {
  const [, signs, language] = fence;
  const end = until(lines, at + 1, (line) => {
    const closing = line.trim();
    return closing.startsWith(signs) && closing === signs[0].repeat(closing.length);
  });
  return [{ type: "pre", text: lines.slice(at + 1, end).join("\n"), language }, end + 1];
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {[Flow, number]}
 */
function quoted(lines, at, depth) {
  const end = until(lines, at, (line) => !QUOTE.test(line));
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [{ type: "quote", children: blocks(inner, depth + 1) }, end];
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {[Flow, number]}
 */
function listed(lines, at, depth) {
  const number = bullet(lines[at])[2];
  const ordered = number !== undefined;
  const items = [];
  while (at < lines.length && BULLET.test(lines[at])) {
    const opening = bullet(lines[at]);
    if ((opening[2] !== undefined) !== ordered || RULE.test(lines[at])) break;
    const width = opening[0].length;
    const end = itemEnd(lines, at + 1);
    const inner = [lines[at].slice(width), ...lines.slice(at + 1, end).map(outdented(width))];
    items.push(item(inner, depth));
    at = end;
  }
  return [{ type: "list", ordered, start: Number(number ?? 1), indent: 0, items }, at];
}

/** @param {string} line */
function bullet(line) {
  return /** @type {RegExpExecArray} */ (BULLET.exec(line));
}

/**
 * An item goes on with what is indented, and with lines that begin nothing of their own.
 * @param {string[]} lines
 * @param {number} from
 */
function itemEnd(lines, from) {
  let end = from;
  while (end < lines.length) {
    const blank = lines[end].trim() === "";
    const indented = /^ {2,}\S/.test(lines[end]);
    if (blank && !/^ {2,}\S/.test(lines[end + 1] ?? "")) break;
    if (!blank && !indented && starts(lines[end])) break;
    end += 1;
  }
  while (end < lines.length && lines[end].trim() === "" && BULLET.test(lines[end + 1] ?? "")) {
    end += 1;
  }
  return end;
}

/** @param {number} width */
function outdented(width) {
  return (/** @type {string} */ line) => {
    const space = line.length - line.trimStart().length;
    return line.slice(Math.min(space, width));
  };
}

/**
 * @param {string[]} lines
 * @param {number} depth
 * @returns {Item}
 */
function item(lines, depth) {
  const task = TASK.exec(lines[0]);
  if (!task) return { children: blocks(lines, depth + 1) };
  const rest = [lines[0].replace(TASK, ""), ...lines.slice(1)];
  return { children: blocks(rest, depth + 1), checked: task[1] !== " " };
}
