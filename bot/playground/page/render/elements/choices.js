/** Choosing one or several of what is offered. */
import { element } from "../../dom/element.js";
import { objectText } from "../objects.js";
import { tellsAtOnce, use } from "./acting.js";

/** @typedef {import("../host.js").Block} Block */
/** @typedef {import("../host.js").Element} Element */
/** @typedef {import("../host.js").Entry} Entry */
/** @typedef {import("../host.js").Host} Host */
/** @typedef {{ label: Element, options: Element[] }} Group */

let numbered = 0;

/**
 * A native menu: the phone's own wheel, the keyboard's own letters.
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function select(given, block, host) {
  const kind = kindOf(given);
  const groups = groupsOf(given, host);
  const options = groups.flatMap((group) => group.options);
  const chosen = host.held(block.block_id, given.action_id)?.[kind.one] ?? given[kind.first];
  const shown = kind.value(chosen);
  const hint = given.placeholder?.text ?? "Choose…";
  const made = element(
    "select",
    {
      class: "input",
      "aria-label": hint,
      autofocus: given.focus_on_load === true,
      onchange: async () => {
        const option = options.find((one) => one.value === made.value);
        const entry = { type: given.type, [kind.one]: option ? kind.entry(option) : null };
        host.hold(block.block_id, given.action_id, entry);
        if (option && tellsAtOnce(block)) await use(given, block, host, entry, made);
      },
    },
    element("option", { value: "" }, hint),
    ...groups.map((group) =>
      group.label
        ? element("optgroup", { label: group.label.text }, ...group.options.map(option))
        : group.options.map(option)
    ).flat(),
  );
  made.value = shown ?? "";
  return made;
}

/** @param {Element} given */
function option(given) {
  return element("option", { value: given.value }, given.text.text);
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function multiSelect(given, block, host) {
  const kind = kindOf(given);
  const options = groupsOf(given, host).flatMap((group) => group.options);
  const before = host.held(block.block_id, given.action_id)?.[kind.several] ?? given[kind.firsts];
  const chosen = new Set((before ?? []).map(kind.value));
  return boxes(given, block, host, options, chosen, (picked) => ({
    type: given.type,
    [kind.several]: picked.map(kind.entry),
  }));
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function checkboxes(given, block, host) {
  const before = host.held(block.block_id, given.action_id)?.selected_options ??
    given.initial_options ?? [];
  const chosen = new Set(before.map((/** @type {Element} */ one) => one.value));
  return boxes(given, block, host, given.options, chosen, (picked) => ({
    type: given.type,
    selected_options: picked,
  }));
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 * @param {Element[]} options
 * @param {Set<string>} chosen
 * @param {(picked: Element[]) => Entry} entryOf
 */
function boxes(given, block, host, options, chosen, entryOf) {
  const made = element("div", {
    class: "choices",
    role: "group",
    "aria-label": given.placeholder?.text ?? "Choices",
    onchange: async () => {
      const ticked = [...made.querySelectorAll("input")].map((box) => box.checked);
      const entry = entryOf(options.filter((_, position) => ticked[position]));
      host.hold(block.block_id, given.action_id, entry);
      if (tellsAtOnce(block)) await use(given, block, host, entry, made);
    },
  }, ...options.map((one) => choice("checkbox", "", one, chosen.has(one.value), host)));
  return made;
}

/**
 * @param {Element} given
 * @param {Block} block
 * @param {Host} host
 */
export function radioButtons(given, block, host) {
  const before = host.held(block.block_id, given.action_id)?.selected_option ??
    given.initial_option;
  const name = `radio-${++numbered}`;
  const options = /** @type {Element[]} */ (given.options);
  const made = element("div", {
    class: "choices",
    role: "radiogroup",
    "aria-label": "Choices",
    onchange: async () => {
      const picked = [...made.querySelectorAll("input")].findIndex((radio) => radio.checked);
      const entry = { type: given.type, selected_option: options[picked] };
      host.hold(block.block_id, given.action_id, entry);
      if (tellsAtOnce(block)) await use(given, block, host, entry, made);
    },
  }, ...options.map((one) => choice("radio", name, one, one.value === before?.value, host)));
  return made;
}

/**
 * @param {"checkbox" | "radio"} type
 * @param {string} name
 * @param {Element} option
 * @param {boolean} checked
 * @param {Host} host
 */
function choice(type, name, option, checked, host) {
  return element(
    "label",
    { class: "choice" },
    element("input", { type, name: name || null, checked }),
    element(
      "span",
      {},
      ...objectText(option.text, host.names),
      option.description &&
        element("small", {}, ...objectText(option.description, host.names)),
    ),
  );
}

/**
 * What the entry of a menu is called, by what it offers.
 * @param {Element} given
 */
function kindOf({ type }) {
  const offered = type.includes("users")
    ? "user"
    : type.includes("channels")
    ? "channel"
    : "option";
  const isOption = offered === "option";
  return {
    one: `selected_${offered}`,
    several: `selected_${offered}s`,
    first: `initial_${offered}`,
    firsts: `initial_${offered}s`,
    value: (/** @type {any} */ held) => isOption ? held?.value : held,
    entry: (/** @type {Element} */ option) => isOption ? option : option.value,
  };
}

/**
 * @param {Element} given
 * @param {Host} host
 * @returns {(Group | { label: null, options: Element[] })[]}
 */
function groupsOf(given, { names }) {
  if (given.option_groups) return given.option_groups;
  if (given.options) return [{ label: null, options: given.options }];
  const offered = given.type.includes("users")
    ? names.people().map(({ id }) => ({ id, name: names.userName(id) }))
    : names.publicChannels().map(({ id, name }) => ({ id, name: `#${name}` }));
  const options = offered.map(({ id, name }) => ({ value: id, text: { text: name } }));
  return [{ label: null, options }];
}
