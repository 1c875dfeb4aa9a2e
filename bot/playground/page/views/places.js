/** The channel and the thread that are open, each in its pane. */
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { go } from "../workspace/route.js";
import { isDirect } from "../workspace/state.js";
import { Pane } from "./pane.js";
import { emptyChannel, welcome } from "./welcome.js";

/** @typedef {import("../workspace/state.js").Workspace} Workspace */
/** @typedef {import("./welcome.js").Example} Example */

export class Places {
  /** @type {Pane | null} */
  channel = null;
  /** @type {Pane | null} */
  thread = null;

  /**
   * @param {Workspace} workspace
   * @param {{ main: HTMLElement, aside: HTMLElement }} frames
   * @param {Example[]} examples
   */
  constructor(workspace, { main, aside }, examples) {
    this.workspace = workspace;
    this.main = main;
    this.aside = aside;
    this.examples = examples;
  }

  /** Everything anew, as when somebody else takes the seat. */
  clear() {
    this.channel?.leave();
    this.thread?.leave();
    this.channel = this.thread = null;
  }

  /** @param {import("../workspace/route.js").Route} route */
  show({ channel, thread }) {
    if (channel && this.channel?.place !== channel) this.#openChannel(channel);
    const place = thread && channel ? `${channel}/${thread}` : null;
    if ((this.thread?.place ?? null) !== place) this.#openThread(channel, thread);
  }

  panes() {
    return [this.channel, this.thread].filter((pane) => pane !== null);
  }

  refresh() {
    // The thread first: what is read there is no longer new in the channel.
    this.panes().reverse().forEach((pane) => pane.refresh());
    this.#greet();
  }

  /** @param {string} id */
  #openChannel(id) {
    this.channel?.leave();
    const { workspace } = this;
    const name = this.#nameOf(id);
    this.greeting = element("div", {});
    this.channel = new Pane(workspace, { channel: id, thread: null }, {
      label: `Messages in ${name}`,
      write: `Message ${name}`,
      top: this.greeting,
    });
    const people = workspace.channels.get(id)?.members.length ?? 0;
    fill(
      this.main,
      this.#head(
        name,
        people === 1 ? "1 member" : `${people} members`,
        "Back to channels",
        () => go(),
      ),
      ...this.channel.nodes,
    );
    this.channel.refresh();
    this.#greet();
    this.channel.list.open();
  }

  /** @param {string} channel */
  #nameOf(channel) {
    return isDirect({ id: channel }) ? "Weft" : `#${this.workspace.channelName(channel)}`;
  }

  /**
   * @param {string | null} channel
   * @param {string | null} thread
   */
  #openThread(channel, thread) {
    this.thread?.leave();
    this.aside.hidden = !thread;
    if (!channel || !thread) {
      this.thread = null;
      fill(this.aside);
      return;
    }
    this.thread = new Pane(this.workspace, { channel, thread }, {
      label: "Messages in the thread",
      write: "Reply in the thread",
    });
    const close = () => go(channel);
    const cross = { type: "button", class: "button icon-only", "aria-label": "Close thread" };
    const head = this.#head(
      "Thread",
      this.#nameOf(channel),
      "Back to channel",
      close,
    );
    head.append(element("button", { ...cross, onclick: close }, icon("close")));
    fill(this.aside, head, ...this.thread.nodes);
    this.thread.refresh();
    this.thread.list.open();
    this.channel?.refresh();
    if (!matchMedia("(pointer: coarse)").matches) this.thread.composer.focus();
  }

  /**
   * @param {string} title
   * @param {string} about
   * @param {string} back
   * @param {() => void} onback
   */
  #head(title, about, back, onback) {
    const button = { type: "button", class: "button icon-only back", "aria-label": back };
    return element(
      "div",
      { class: "pane-head" },
      element("button", { ...button, onclick: onback }, icon("back")),
      element("h1", {}, title),
      element("span", { class: "about" }, about),
    );
  }

  #greet() {
    const pane = this.channel;
    if (!pane || !this.greeting) return;
    const empty = pane.messages().length === 0;
    if (!empty || this.greeting.childElementCount > 0) {
      if (!empty) fill(this.greeting);
      return;
    }
    const choose = (/** @type {string} */ text) => {
      pane.composer.fill({ text, files: [] });
      pane.composer.focus();
    };
    const here = this.workspace.botIsIn(pane.channel);
    fill(this.greeting, here ? welcome(this.examples, choose) : emptyChannel());
  }
}
