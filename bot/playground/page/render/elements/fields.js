/** Typing: text, numbers, addresses, dates, and files to take in. */
import { element } from "../../dom/element.js";
import { tellsAtOnce, use } from "./acting.js";

/** @typedef {import("../host.js").Block} Block */
/** @typedef {import("../host.js").Element} Element */
/** @typedef {import("../host.js").Host} Host */

/** @type {Record<string, string>} */
const MODES = { email_text_input: "email", url_text_input: "url", number_input: "decimal" };

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function textInput(given, block, host) {
  const rich = given.type === "rich_text_input";
  const held = host.held(block.block_id, given.action_id);
  const before = rich
    ? written(held?.rich_text_value ?? given.initial_value)
    : held?.value ?? given.initial_value ?? "";
  const many = given.multiline === true || rich;
  const keep = () => host.hold(block.block_id, given.action_id, entryOf(given, made.value));
  const enter = async (/** @type {KeyboardEvent} */ event) => {
    const asked = given.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    if (event.key !== "Enter" || event.isComposing || !asked.includes("on_enter_pressed")) return;
    if (many && event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    await use(given, block, host, entryOf(given, made.value), made);
  };
  const common = {
    class: "input",
    placeholder: given.placeholder?.text,
    autofocus: given.focus_on_load === true,
    maxlength: given.max_length,
    autocomplete: "off",
    spellcheck: many ? null : "false",
    inputmode: MODES[given.type],
    oninput: keep,
    onkeydown: tellsAtOnce(block) ? enter : null,
  };
  const made = many
    ? element("textarea", { ...common, rows: "4" })
    : element("input", { ...common, type: "text" });
  made.value = before;
  return made;
}

/**
 * @param {Element} given
 * @param {string} text
 */
function entryOf(given, text) {
  if (given.type !== "rich_text_input") return { type: given.type, value: text || null };
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  const value = text ? { type: "rich_text", elements: [section] } : null;
  return { type: given.type, rich_text_value: value };
}

/** @param {Element | undefined} rich */
function written(rich) {
  const sections = /** @type {Element[]} */ (rich?.elements ?? []);
  return sections.flatMap((section) => section.elements ?? []).map((piece) => piece.text ?? "")
    .join(
      "",
    );
}

const MOMENTS = /** @type {const} */ ({
  datepicker: { input: "date", entry: "selected_date", first: "initial_date" },
  timepicker: { input: "time", entry: "selected_time", first: "initial_time" },
  datetimepicker: {
    input: "datetime-local",
    entry: "selected_date_time",
    first: "initial_date_time",
  },
});

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function moment(given, block, host) {
  const kind = MOMENTS[/** @type {keyof typeof MOMENTS} */ (given.type)];
  const counted = kind.input === "datetime-local";
  const before = host.held(block.block_id, given.action_id)?.[kind.entry] ?? given[kind.first];
  const made = element("input", {
    class: "input",
    type: kind.input,
    "aria-label": given.placeholder?.text ?? kind.input,
    onchange: async () => {
      const value = counted ? Math.floor(Date.parse(made.value) / 1000) : made.value;
      const entry = { type: given.type, [kind.entry]: value || null };
      host.hold(block.block_id, given.action_id, entry);
      if (tellsAtOnce(block)) await use(given, block, host, entry, made);
    },
  });
  made.value = counted && before ? localMoment(before) : before ?? "";
  return made;
}

/** @param {number} seconds */
function localMoment(seconds) {
  const offset = new Date(seconds * 1000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1000).toISOString().slice(0, 16);
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function fileInput(given, block, host) {
  const made = element("input", {
    class: "input",
    type: "file",
    multiple: (given.max_files ?? 10) > 1,
    accept: given.filetypes?.map((/** @type {string} */ type) => `.${type}`).join(","),
    onchange: async () => {
      const files = [...made.files ?? []].slice(0, given.max_files ?? 10);
      const read = await Promise.all(
        files.map(async (file) => ({ name: file.name, content: await file.text() })),
      );
      host.hold(block.block_id, given.action_id, { type: given.type, files: read });
    },
  });
  return made;
}
