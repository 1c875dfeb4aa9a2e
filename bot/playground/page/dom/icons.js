/** The few signs the page uses, drawn as strokes. */
import { drawing } from "./element.js";

const PATHS = {
  attach: "M15.5 7.5 9 14a2.1 2.1 0 0 0 3 3l7-7a4.2 4.2 0 0 0-6-6l-7 7a6.3 6.3 0 0 0 9 9l5.5-5.5",
  back: "M15 5l-7 7 7 7",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6l1-7z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9l6 6 6-6",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M5 20h14",
  edit: "M4 20l1-4L16 5l3 3L8 19l-4 1zM14 7l3 3",
  expand: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  eye:
    "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  react:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8.5 10h.01M15.5 10h.01M8 14.5c1 1.5 2.4 2 4 2s3-.5 4-2",
  send: "M5 12h13M12.5 5.5 19 12l-6.5 6.5",
  stop: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
  thread: "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  warn: "M12 4 2.5 20h19zM12 10v5M12 17.5v.01",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export function icon(name) {
  return drawing(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    drawing("path", { d: PATHS[name] }),
  );
}

/** Weft's mark: threads over and under. */
export function mark() {
  const warp = [7, 12, 17].map((x) => drawing("path", { d: `M${x} 3v18`, class: "warp" }));
  const weft = [
    "M3 7h2.5M8.5 7h7M18.5 7H21",
    "M3 12h7.5M13.5 12H21",
    "M3 17h2.5M8.5 17h7M18.5 17H21",
  ].map((d) => drawing("path", { d, class: "weft" }));
  return drawing(
    "svg",
    { viewBox: "0 0 24 24", class: "mark", "aria-hidden": "true", focusable: "false" },
    ...warp,
    ...weft,
  );
}
