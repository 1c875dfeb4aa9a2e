/** A table block: its first row is its head. */
import { element } from "../dom/element.js";
import { richText } from "../text/rich_text.js";
import { flow, scrollable } from "./markup.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

/**
 * @param {Block} block
 * @param {Host} host
 */
export function table(block, { names }) {
  const settings = block.column_settings ?? [];
  const [head, ...rows] = block.rows;
  const line = (/** @type {"th" | "td"} */ tag) => (/** @type {Block[]} */ cells) =>
    element(
      "tr",
      {},
      ...cells.map((cell, column) => {
        const { align, is_wrapped: wrapped } = settings[column] ?? {};
        const kind = [align, wrapped && "wrapped", cell.type === "raw_number" && "number"];
        return element(
          tag,
          { class: kind.filter(Boolean).join(" ") || null, scope: tag === "th" ? "col" : null },
          ...content(cell, names),
        );
      }),
    );
  return scrollable(element(
    "table",
    {},
    element("thead", {}, line("th")(head)),
    element("tbody", {}, ...rows.map(line("td"))),
  ));
}

/**
 * @param {Block} cell
 * @param {import("./host.js").Names} names
 */
function content(cell, names) {
  if (cell.type === "rich_text") return flow(richText(cell.elements), names);
  return [String(cell.text ?? cell.value ?? "")];
}
