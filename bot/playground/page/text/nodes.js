/**
 * What mrkdwn, Markdown and rich text are read into, before any of it is drawn.
 *
 * @typedef {(
 *   | { type: "text", text: string }
 *   | { type: "break" }
 *   | { type: "bold" | "italic" | "strike" | "underline", children: Inline[] }
 *   | { type: "code", text: string }
 *   | { type: "link", url: string, children: Inline[] }
 *   | { type: "user" | "channel" | "group", id: string, label?: string }
 *   | { type: "broadcast", range: string }
 *   | { type: "emoji", name: string }
 *   | { type: "color", value: string }
 *   | { type: "date", timestamp: number, format: string, fallback: string, url?: string }
 * )} Inline
 *
 * @typedef {{ children: Flow[], checked?: boolean }} Item
 * @typedef {"left" | "center" | "right" | null} Align
 *
 * @typedef {(
 *   | { type: "paragraph", children: Inline[] }
 *   | { type: "heading", level: number, children: Inline[] }
 *   | { type: "list", ordered: boolean, start: number, indent: number, items: Item[] }
 *   | { type: "quote", children: Flow[] }
 *   | { type: "pre", text: string, language: string }
 *   | { type: "rule" }
 *   | { type: "table", head: Inline[][], rows: Inline[][][], align: Align[] }
 * )} Flow
 */

/**
 * A text as nodes, with its line ends as breaks.
 * @param {string} text
 * @returns {Inline[]}
 */
export function plain(text) {
  return text.split("\n").flatMap((line, number) => [
    ...(number > 0 ? [/** @type {Inline} */ ({ type: "break" })] : []),
    ...(line ? [/** @type {Inline} */ ({ type: "text", text: line })] : []),
  ]);
}
