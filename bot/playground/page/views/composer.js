/** Where people write: Enter sends, Shift+Enter breaks the line, files by button, drop or paste. */
import { notify } from "../dom/announce.js";
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { Suggestions } from "./suggestions.js";

/** @typedef {import("../workspace/api.js").Attachment} Attachment */
/** @typedef {{ text: string, files: Attachment[] }} Draft */

export class Composer {
  /** @type {Attachment[]} */
  #files = [];
  #sending = false;

  /**
   * @param {{
   *   label: string,
   *   workspace: import("../workspace/state.js").Workspace,
   *   send: (draft: Draft) => Promise<void>,
   * }} how `send` rejects with a sentence, and the draft then stays
   */
  constructor({ label, workspace, send }) {
    this.send = send;
    this.box = element("textarea", {
      rows: "1",
      "aria-label": label,
      placeholder: label,
      autocomplete: "off",
      oninput: () => this.#changed(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
      onpaste: (/** @type {ClipboardEvent} */ event) => this.#takeFrom(event.clipboardData, event),
    });
    this.suggestions = new Suggestions(this.box, workspace);
    this.attached = element("ul", { class: "attached", "aria-label": "Attached files" });
    this.node = element(
      "form",
      {
        class: "composer",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#submit();
        },
        ondragover: (/** @type {DragEvent} */ event) => event.preventDefault(),
        ondrop: (/** @type {DragEvent} */ event) => this.#takeFrom(event.dataTransfer, event),
      },
      this.suggestions.node,
      this.attached,
      this.box,
      this.#row(),
    );
  }

  /** @param {Draft} draft */
  fill({ text, files }) {
    this.box.value = text;
    this.#files = files;
    this.#drawFiles();
    this.#changed();
  }

  /** @returns {Draft} */
  draft() {
    return { text: this.box.value, files: this.#files };
  }

  focus() {
    this.box.focus();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  #row() {
    const chooser = element("input", {
      type: "file",
      multiple: true,
      hidden: true,
      "aria-label": "Files to attach",
      onchange: () => {
        this.#attach([...chooser.files ?? []]);
        chooser.value = "";
      },
    });
    const attach = { type: "button", class: "tool", "aria-label": "Attach a file" };
    return element(
      "div",
      { class: "composer-row" },
      chooser,
      element("button", { ...attach, onclick: () => chooser.click() }, icon("attach")),
      element("span", { class: "keys" }, "Enter sends, Shift+Enter breaks the line"),
      element("button", { type: "submit", class: "send", "aria-label": "Send" }, icon("send")),
    );
  }

  #changed() {
    this.node.classList.toggle("ready", this.box.value.trim() !== "" || this.#files.length > 0);
    this.suggestions.refresh();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || this.suggestions.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#submit();
  }

  async #submit() {
    const draft = this.draft();
    if (this.#sending || (draft.text.trim() === "" && draft.files.length === 0)) return;
    this.#sending = true;
    this.fill({ text: "", files: [] });
    try {
      await this.send(draft);
    } catch (error) {
      notify(/** @type {Error} */ (error).message);
      if (this.box.value === "") this.fill(draft);
    } finally {
      this.#sending = false;
    }
  }

  /**
   * @param {DataTransfer | null} transfer
   * @param {Event} event
   */
  #takeFrom(transfer, event) {
    const files = [...transfer?.files ?? []];
    if (files.length === 0) return;
    event.preventDefault();
    this.#attach(files);
  }

  /** @param {File[]} files */
  async #attach(files) {
    const read = await Promise.all(files.map(attachment));
    this.#files = [...this.#files, ...read];
    this.#drawFiles();
    this.#changed();
  }

  #drawFiles() {
    const chips = this.#files.map((file) =>
      element(
        "li",
        {},
        icon("file"),
        file.name,
        element("button", {
          type: "button",
          class: "tool",
          "aria-label": `Remove ${file.name}`,
          onclick: () => {
            this.#files = this.#files.filter((other) => other !== file);
            this.#drawFiles();
            this.#changed();
          },
        }, icon("close")),
      )
    );
    fill(this.attached, ...chips);
  }
}

/**
 * @param {File} file
 * @returns {Promise<Attachment>}
 */
function attachment(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const content = String(reader.result).replace(/^[^,]*,?/, "");
      resolve({ name: file.name, content, encoding: "base64" });
    };
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
