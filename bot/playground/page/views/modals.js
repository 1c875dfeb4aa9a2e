/** The windows that the bot has opened for one person, each on top of the one before. */
import { notify } from "../dom/announce.js";
import { openDialog } from "../dom/dialog.js";
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { keepInStep } from "../dom/keyed.js";
import { drawBlock } from "../render/blocks.js";
import { showErrors } from "../render/input.js";
import { api } from "../workspace/api.js";
import { Entered } from "./entered.js";

/** @typedef {import("../workspace/state.js").Workspace} Workspace */
/** @typedef {Record<string, any> & { id: string }} View */

export class Modals {
  /** @type {Map<string, Modal>} */
  #open = new Map();

  /** @param {Workspace} workspace */
  constructor(workspace) {
    this.workspace = workspace;
  }

  /** @param {View} view */
  show(view) {
    if (view.type !== "modal") return;
    const known = this.#open.get(view.id);
    if (known) known.change(view);
    else this.#open.set(view.id, new Modal(view, this.workspace));
  }

  /** @param {string} id */
  hide(id) {
    this.#open.get(id)?.close();
    this.#open.delete(id);
  }

  /**
   * Exactly these are open, lowest first.
   * @param {View[]} views
   */
  reset(views) {
    const wanted = new Set(views.map(({ id }) => id));
    for (const id of [...this.#open.keys()]) if (!wanted.has(id)) this.hide(id);
    views.forEach((view) => this.show(view));
  }
}

class Modal {
  #sending = false;

  /**
   * @param {View} view
   * @param {Workspace} workspace
   */
  constructor(view, workspace) {
    this.view = view;
    this.workspace = workspace;
    this.entered = new Entered();
    this.title = element("h2", {});
    this.blocks = element("div", { class: "modal-blocks" });
    this.foot = element("div", { class: "dialog-foot" });
    const cross = { type: "button", class: "button icon-only", "aria-label": "Close" };
    const { dialog, close } = openDialog(
      { title: view.title.text, className: "modal", onescape: () => this.#leave() },
      (titleId) => {
        this.title.id = titleId;
        return [element(
          "form",
          {
            novalidate: true,
            onsubmit: (/** @type {Event} */ event) => {
              event.preventDefault();
              this.#submit();
            },
          },
          element(
            "div",
            { class: "dialog-head" },
            this.title,
            element("button", { ...cross, onclick: () => this.#leave() }, icon("close")),
          ),
          element("div", { class: "dialog-body" }, this.blocks),
          this.foot,
        )];
      },
    );
    this.dialog = dialog;
    this.close = close;
    this.change(view);
    this.#focusFirst();
  }

  /** The same window with other contents: what was typed stays in blocks that stay. @param {View} view */
  change(view) {
    const inside = this.blocks.contains(document.activeElement);
    this.view = view;
    fill(this.title, view.title.text);
    keepInStep(this.blocks, view.blocks, {
      key: (/** @type {any} */ block) => `${block.block_id} ${block.type}`,
      create: (block) => drawBlock(block, this.#host()),
    });
    fill(
      this.foot,
      element(
        "button",
        { type: "button", class: "button", onclick: () => this.#leave() },
        view.close?.text ?? (view.submit ? "Cancel" : "Close"),
      ),
      view.submit &&
        element("button", { type: "submit", class: "button primary" }, view.submit.text),
    );
    if (inside && !this.blocks.contains(document.activeElement)) this.#focusFirst();
    else if (this.dialog && !this.dialog.contains(document.activeElement)) this.#focusFirst();
  }

  #focusFirst() {
    const fields = "input:not([type=hidden]), textarea, select";
    const first = this.blocks.querySelector(`[autofocus], ${fields}`) ??
      this.foot.querySelector("button:last-child");
    /** @type {HTMLElement | null} */ (first)?.focus();
  }

  /** @returns {import("../render/host.js").Host} */
  #host() {
    return {
      names: this.workspace,
      hold: (blockId, actionId, entry) => this.entered.hold(blockId, actionId, entry),
      held: (blockId, actionId) =>
        this.entered.held(blockId, actionId) ??
          this.view.state?.values?.[blockId]?.[actionId],
      act: (block_id, action_id, entry) =>
        api.act({
          ...entry,
          user: this.workspace.me,
          view_id: this.view.id,
          block_id,
          action_id,
          values: this.entered.values(),
        }),
    };
  }

  async #submit() {
    if (this.#sending || !this.view.submit) return;
    this.#busy(true);
    try {
      const form = { user: this.workspace.me, view_id: this.view.id };
      const { errors = {} } = await api.submit({ ...form, values: this.entered.values() });
      showErrors(this.blocks, errors);
    } catch (error) {
      this.#complain(/** @type {Error} */ (error).message);
    } finally {
      this.#busy(false);
    }
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.#sending = busy;
    this.foot.querySelector("[type=submit]")?.setAttribute("aria-busy", String(busy));
    if (busy) this.#complain("");
  }

  /** A sentence about the whole form. @param {string} sentence */
  #complain(sentence) {
    this.foot.querySelector(".error")?.remove();
    if (sentence) this.foot.prepend(element("p", { class: "error", role: "alert" }, sentence));
  }

  async #leave() {
    try {
      await api.closeView({ user: this.workspace.me, view_id: this.view.id });
    } catch (error) {
      notify(/** @type {Error} */ (error).message);
      this.close();
    }
  }
}
