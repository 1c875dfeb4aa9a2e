/** Reads GitHub's tables. */
import { markdownInline } from "./markdown_inline.js";

/** @typedef {import("./nodes.js").Align} Align */
/** @typedef {import("./nodes.js").Flow} Flow */

const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * @param {string[]} lines
 * @param {number} at
 */
export function isTable(lines, at) {
  const delimiter = lines[at + 1] ?? "";
  return lines[at].includes("|") && delimiter.includes("-") && DELIMITER.test(delimiter) &&
    cells(lines[at]).length === cells(delimiter).length;
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @returns {[Flow, number]}
 */
export function table(lines, at) {
  const head = cells(lines[at]);
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end += 1;
  const rows = lines.slice(at + 2, end).map((line) => {
    const row = cells(line);
    return head.map((_, column) => markdownInline(row[column] ?? ""));
  });
  const align = cells(lines[at + 1]).map(alignment);
  return [{ type: "table", head: head.map((cell) => markdownInline(cell)), rows, align }, end];
}

/** @param {string} line */
function cells(line) {
  const inner = line.trim().replace(/^\|/, "").replace(/(^|[^\\])\|$/, "$1");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/**
 * @param {string} delimiter
 * @returns {Align}
 */
function alignment(delimiter) {
  const [left, right] = [delimiter.startsWith(":"), delimiter.endsWith(":")];
  if (left && right) return "center";
  return right ? "right" : left ? "left" : null;
}
