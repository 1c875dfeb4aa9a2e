/** Completes @people, #channels and /commands while they are typed. */
import { element, fill } from "../dom/element.js";

/** @typedef {{ insert: string, about: string }} Suggestion */

const BEGUN = /(?:^|[\s(])([@#][\w.-]*)$/;
const COMMAND = /^\/[\w-]*$/;
const MOST = 6;

let numbered = 0;

export class Suggestions {
  /** @type {Suggestion[]} */
  #offered = [];
  #chosen = 0;
  #dismissed = "";

  /**
   * @param {HTMLTextAreaElement} box
   * @param {import("../workspace/state.js").Workspace} workspace
   */
  constructor(box, workspace) {
    this.box = box;
    this.workspace = workspace;
    this.id = `suggestions-${++numbered}`;
    this.node = element("div", {
      class: "suggestions",
      role: "listbox",
      id: this.id,
      hidden: true,
    });
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.id);
    box.addEventListener("blur", () => this.#close());
  }

  refresh() {
    const begun = this.#begun();
    if (begun !== this.#dismissed) this.#dismissed = "";
    const matching = begun && !this.#dismissed ? this.#matching(begun) : [];
    this.#offered = matching.some(({ insert }) => insert === begun) ? [] : matching;
    this.#chosen = 0;
    this.#draw();
  }

  /**
   * Takes the keys that are meant for an open list; false for every other.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (this.#offered.length === 0) return false;
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });
    if (event.key in steps) {
      const count = this.#offered.length;
      this.#chosen = (this.#chosen + steps[event.key] + count) % count;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") {
      if (event.shiftKey) return false;
      this.#take(this.#offered[this.#chosen]);
    } else if (event.key === "Escape") {
      this.#dismissed = this.#begun();
      this.#close();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  #begun() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    return COMMAND.exec(before)?.[0] ?? BEGUN.exec(before)?.[1] ?? "";
  }

  /**
   * @param {string} begun
   * @returns {Suggestion[]}
   */
  #matching(begun) {
    const workspace = this.workspace;
    const people = workspace.people().map((user) => ({
      insert: `@${user.name}`,
      about: user.real_name,
    }));
    const channels = workspace.publicChannels().map(({ name }) => ({
      insert: `#${name}`,
      about: "",
    }));
    const commands = workspace.commands.map((name) => ({ insert: name, about: "command" }));
    return [...people, ...channels, ...commands]
      .filter(({ insert }) => insert.startsWith(begun.toLowerCase()))
      .slice(0, MOST);
  }

  /** @param {Suggestion} suggestion */
  #take({ insert }) {
    const { value, selectionStart: end } = this.box;
    const start = end - this.#begun().length;
    this.box.value = `${value.slice(0, start)}${insert} ${value.slice(end)}`;
    this.box.selectionStart = this.box.selectionEnd = start + insert.length + 1;
    this.box.dispatchEvent(new Event("input"));
  }

  #close() {
    this.#offered = [];
    this.#draw();
  }

  #draw() {
    const open = this.#offered.length > 0;
    this.node.hidden = !open;
    this.box.setAttribute("aria-expanded", String(open));
    if (open) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.#chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
    const options = this.#offered.map((suggestion, position) =>
      element(
        "div",
        {
          role: "option",
          id: `${this.id}-${position}`,
          "aria-selected": String(position === this.#chosen),
          // The box keeps the focus: a click must not blur it first.
          onpointerdown: (/** @type {Event} */ event) => {
            event.preventDefault();
            this.#take(suggestion);
          },
        },
        element("strong", {}, suggestion.insert),
        element("span", {}, suggestion.about),
      )
    );
    fill(this.node, ...options);
  }
}
