/** A file under a message: what it is, how it begins, and ways to read or keep the whole. */
import { openDialog } from "../dom/dialog.js";
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { markdown } from "../text/markdown.js";
import { api } from "../workspace/api.js";
import { codeLines, diffCounts } from "./code.js";
import { flow } from "./markup.js";

/** @typedef {import("./host.js").Names} Names */
/** @typedef {Record<string, any>} File */

const PREVIEW_LINES = 14;
const LARGEST_PREVIEW = 2_000_000;

/**
 * @param {File} file
 * @param {Names} names
 */
export function fileCard(file, names) {
  const address = api.fileAddress(file.id);
  const facts = element("span", { class: "file-facts" }, size(file.size));
  const preview = element("div", { class: "file-preview" });
  const open = element(
    "button",
    {
      type: "button",
      class: "button small",
      "aria-label": `Open ${file.name}`,
      onclick: () => view(file, names),
    },
    icon("expand"),
    "Open",
  );
  const card = element(
    "section",
    { class: "file", "aria-label": `File ${file.name}` },
    element(
      "div",
      { class: "file-head" },
      icon("file"),
      element(
        "div",
        { class: "file-name" },
        element("strong", {}, file.title || file.name),
        facts,
      ),
      open,
      element("a", {
        class: "button small",
        href: address,
        download: file.name,
        "aria-label": `Download ${file.name}`,
      }, icon("download")),
    ),
    preview,
  );
  if (isImage(file)) {
    fill(preview, element("img", { src: address, alt: file.alt_txt || file.title || file.name }));
  } else if (file.size <= LARGEST_PREVIEW) {
    begin(file, names, preview, facts);
  }
  return card;
}

/**
 * @param {File} file
 * @param {Names} names
 * @param {HTMLElement} preview
 * @param {HTMLElement} facts
 */
async function begin(file, names, preview, facts) {
  const text = await api.fileText(file.id).catch((error) => `${error.message}`);
  const lines = text.split("\n");
  fill(facts, [size(file.size), ...counted(file, text, lines.length)].join(" · "));
  const short = lines.slice(0, PREVIEW_LINES).join("\n");
  preview.classList.toggle("cut", lines.length > PREVIEW_LINES);
  fill(preview, ...content(file, short, names));
}

/**
 * @param {File} file
 * @param {string} text
 * @param {number} lines
 */
function counted(file, text, lines) {
  if (languageOf(file) !== "diff") return [lines === 1 ? "1 line" : `${lines} lines`];
  const { added, removed } = diffCounts(text);
  return [`+${added} −${removed}`];
}

/**
 * The whole file in a window of its own.
 * @param {File} file
 * @param {Names} names
 */
async function view(file, names) {
  const body = element("div", { class: "dialog-body viewer-body", tabindex: "0" }, "Loading…");
  const toggle = element("button", {
    type: "button",
    class: "button small",
    "aria-pressed": "false",
    hidden: languageOf(file) !== "markdown",
  }, "Source");
  const { close } = openDialog(
    { title: file.name, className: "viewer", onescape: () => close() },
    (titleId) => [
      element(
        "div",
        { class: "dialog-head" },
        element("h2", { id: titleId }, file.title || file.name),
        toggle,
        element("button", {
          type: "button",
          class: "button icon-only",
          "aria-label": "Close",
          onclick: () => close(),
        }, icon("close")),
      ),
      body,
    ],
  );
  if (isImage(file)) {
    fill(body, element("img", { src: api.fileAddress(file.id), alt: file.alt_txt || file.name }));
    return;
  }
  const text = await api.fileText(file.id).catch((error) => `${error.message}`);
  fill(body, ...content(file, text, names));
  toggle.addEventListener("click", () => {
    const source = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(source));
    fill(body, ...(source ? [codeLines(text)] : content(file, text, names)));
  });
}

/**
 * @param {File} file
 * @param {string} text
 * @param {Names} names
 */
function content(file, text, names) {
  const language = languageOf(file);
  if (language !== "markdown") return [codeLines(text, language)];
  return [element("div", { class: "text document" }, ...flow(markdown(text), names))];
}

/** @param {File} file */
function isImage(file) {
  return String(file.mimetype).startsWith("image/");
}

/** @param {File} file */
function languageOf(file) {
  const ending = String(file.name).split(".").at(-1)?.toLowerCase() ?? "";
  if (["md", "markdown"].includes(ending) || file.filetype === "markdown") return "markdown";
  if (["diff", "patch"].includes(ending) || file.filetype === "diff") return "diff";
  return ending;
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
