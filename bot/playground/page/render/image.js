/** Pictures that the workspace itself holds; one from elsewhere is a link, never loaded. */
import { element } from "../dom/element.js";
import { localSource } from "../text/addresses.js";
import { anchor } from "./markup.js";

/** @typedef {import("./host.js").Block} Block */
/** @typedef {import("./host.js").Host} Host */

/**
 * @param {Block} block
 * @param {Host} _host
 */
export function image(block, _host) {
  const source = block.slack_file?.id
    ? `/playground/files/${encodeURIComponent(block.slack_file.id)}`
    : block.image_url ?? block.slack_file?.url ?? "";
  const picture = localSource(source) === null
    ? element("span", { class: "elsewhere" }, anchor(source, [block.alt_text || source]))
    : element("img", { src: source, alt: block.alt_text, loading: "lazy" });
  return element(
    "figure",
    { class: "image" },
    block.title && element("figcaption", {}, block.title.text),
    picture,
  );
}
