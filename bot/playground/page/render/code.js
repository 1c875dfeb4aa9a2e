/** Draws code and diffs line by line. */
import { element } from "../dom/element.js";

const MOST_LINES = 4000;

/**
 * @param {string} text
 * @param {string} [language]
 */
export function codeLines(text, language = "") {
  const lines = text.split("\n");
  const kind = language === "diff" ? diffLine : () => "line";
  const drawn = lines.slice(0, MOST_LINES).map((line) =>
    element("span", { class: kind(line) }, `${line}\n`)
  );
  if (lines.length > MOST_LINES) {
    const rest = `… ${lines.length - MOST_LINES} more lines: download the file to read them`;
    drawn.push(element("span", { class: "line rest" }, rest));
  }
  return element(
    "pre",
    { class: `code ${language === "diff" ? "diff" : ""}`, tabindex: "0" },
    element("code", {}, ...drawn),
  );
}

/** @param {string} line */
function diffLine(line) {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/.test(line)) {
    return "line title";
  }
  if (line.startsWith("@@")) return "line hunk";
  if (line.startsWith("+")) return "line added";
  if (line.startsWith("-")) return "line removed";
  return "line";
}

/**
 * How many lines a diff adds and removes.
 * @param {string} text
 */
export function diffCounts(text) {
  const kinds = text.split("\n").map(diffLine);
  return {
    added: kinds.filter((kind) => kind === "line added").length,
    removed: kinds.filter((kind) => kind === "line removed").length,
  };
}
