/** A channel or a thread: its messages, what is being typed, and where one writes. */
import { notify } from "../dom/announce.js";
import { element, fill } from "../dom/element.js";
import { asTyped } from "../text/typed.js";
import { api } from "../workspace/api.js";
import { go } from "../workspace/route.js";
import { placeOf } from "../workspace/state.js";
import { Composer } from "./composer.js";
import { Entered } from "./entered.js";
import { entriesOf, MessageList } from "./message_list.js";

/** @typedef {import("../workspace/state.js").Message} Message */
/** @typedef {import("../workspace/state.js").Workspace} Workspace */
/** @typedef {import("./composer.js").Draft} Draft */

/** @type {Map<string, Draft>} */
const drafts = new Map();

/** @type {Map<string, Entered>} */
const entered = new Map();

export class Pane {
  #editing = "";

  /**
   * @param {Workspace} workspace
   * @param {{ channel: string, thread: string | null }} where
   * @param {{ label: string, write: string, top?: HTMLElement }} how
   */
  constructor(workspace, { channel, thread }, { label, write, top }) {
    this.workspace = workspace;
    this.channel = channel;
    this.thread = thread;
    this.place = thread ? `${channel}/${thread}` : channel;
    this.readUntil = workspace.reading.mark(workspace.me, this.place);
    this.list = new MessageList(label, this.#deeds());
    if (top) this.list.scroller.prepend(top);
    this.typing = element("p", { class: "typing", "aria-live": "polite" });
    this.composer = new Composer({ label: write, workspace, send: (draft) => this.#send(draft) });
    this.nodes = [this.list.node, this.typing, this.composer.node];
    this.composer.fill(drafts.get(this.#draftName()) ?? { text: "", files: [] });
  }

  /** Keeps what was being written, for when this place is opened again. */
  leave() {
    drafts.set(this.#draftName(), this.composer.draft());
  }

  messages() {
    const { workspace, channel, thread } = this;
    return thread ? workspace.thread(channel, thread) : workspace.roots(channel);
  }

  refresh() {
    const { workspace, readUntil } = this;
    const shown = (/** @type {Message} */ message) => ({
      message,
      editing: message.ts === this.#editing,
      thread: this.thread ? null : this.#threadOf(message),
    });
    const entries = entriesOf(this.messages(), { readUntil, me: workspace.me, shown });
    this.list.show(this.thread ? withCount(entries) : entries);
    this.refreshTyping();
    this.markRead();
  }

  refreshTyping() {
    const busy = this.workspace.typing(this.channel, this.thread ?? undefined);
    const said = busy.map(({ user, status }) => `${this.workspace.userName(user)} ${status}`);
    fill(
      this.typing,
      said.length > 0 && element("span", { class: "spinner", "aria-hidden": "true" }),
      said.join(" · "),
    );
  }

  markRead() {
    if (document.hidden) return;
    const last = this.messages().at(-1);
    if (last) this.workspace.reading.read(this.workspace.me, this.place, last.ts);
  }

  #draftName() {
    return `${this.workspace.me} ${this.place}`;
  }

  /** @param {Message} root */
  #threadOf(root) {
    const replies = this.workspace.thread(this.channel, root.ts).filter(({ ts }) => ts !== root.ts);
    const last = replies.at(-1);
    if (!last) return null;
    const { reading, me } = this.workspace;
    const unread = last.ts > reading.mark(me, `${this.channel}/${root.ts}`);
    return { replies: replies.length, last: last.ts, unread };
  }

  /** @param {Draft} draft */
  async #send({ text, files }) {
    const { channel, thread } = this;
    const user = this.workspace.me;
    const command = /^(\/[\w-]+)\s*([\s\S]*)$/.exec(text.trim());
    if (!command) {
      await api.send({ user, channel, text, files, ...(thread ? { thread_ts: thread } : {}) });
      return;
    }
    const [, name, rest] = command;
    if (thread) throw new Error(`${name} can’t be used in a thread. Use it in the channel.`);
    await api.command({ user, channel, command: name, text: rest });
  }

  /** @returns {import("./message.js").Deeds} */
  #deeds() {
    const { workspace, channel } = this;
    const of = (/** @type {Message} */ { ts }) => ({ user: workspace.me, channel, ts });
    return {
      workspace,
      host: (message) => this.#host(message),
      openThread: (message) => go(channel, message.thread_ts ?? message.ts),
      edit: (message) => this.#edit(message.ts),
      remove: (message) => api.remove(of(message)),
      react: (message, name) => api.react({ ...of(message), name }),
      dismiss: (message) => workspace.forget(channel, message.ts),
      editor: (message) => this.#editor(message),
    };
  }

  /**
   * @param {Message} message
   * @returns {import("../render/host.js").Host}
   */
  #host({ ts }) {
    const { workspace, channel } = this;
    const key = `${workspace.me} ${channel} ${ts}`;
    const held = entered.get(key) ?? new Entered();
    entered.set(key, held);
    return {
      names: workspace,
      hold: (blockId, actionId, entry) => held.hold(blockId, actionId, entry),
      held: (blockId, actionId) => held.held(blockId, actionId),
      act: (block_id, action_id, entry) =>
        api.act({
          ...entry,
          user: workspace.me,
          channel,
          message_ts: ts,
          block_id,
          action_id,
          values: held.values(),
        }),
    };
  }

  /** @param {string} ts */
  #edit(ts) {
    this.#editing = ts;
    this.refresh();
    this.list.entries.querySelector("textarea")?.focus();
  }

  /** @param {Message} message */
  #editor(message) {
    const { workspace, channel } = this;
    const names = {
      userHandle: (/** @type {string} */ id) => workspace.users.get(id)?.name ?? id,
      channelName: (/** @type {string} */ id) => workspace.channelName(id),
    };
    const before = asTyped(message.text, names);
    const box = element("textarea", {
      "aria-label": "Edit message",
      class: "input",
      rows: String(Math.min(12, before.split("\n").length + 1)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") this.#edit("");
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          save();
        }
      },
    });
    box.value = before;
    const save = async () => {
      try {
        if (box.value.trim() === "") throw new Error("An empty message can’t be kept. Delete it.");
        const { ts } = message;
        if (box.value !== before) {
          await api.edit({ user: workspace.me, channel, ts, text: box.value });
        }
        this.#edit("");
      } catch (error) {
        notify(/** @type {Error} */ (error).message);
      }
    };
    const cancel = { type: "button", class: "button small", onclick: () => this.#edit("") };
    const keep = { type: "button", class: "button small primary", onclick: save };
    return element(
      "div",
      { class: "editor" },
      box,
      element(
        "div",
        { class: "actions" },
        element("button", cancel, "Cancel"),
        element("button", keep, "Save"),
      ),
    );
  }
}

/**
 * A thread says under its root how many answers it has.
 * @param {import("./message_list.js").Entry[]} entries
 */
function withCount(entries) {
  const root = entries.findIndex((entry) => entry.kind === "message");
  const replies = entries.filter((entry) => entry.kind === "message").length - 1;
  if (replies < 1) return entries;
  const text = replies === 1 ? "1 reply" : `${replies} replies`;
  return entries.toSpliced(root + 1, 0, { kind: "rule", id: "replies", text });
}

/**
 * How many places of a channel hold something unread, itself and its threads.
 * @param {Workspace} workspace
 * @param {string} channel
 */
export function unreadIn(workspace, channel) {
  const { me, reading } = workspace;
  return workspace.messages(channel).filter((message) =>
    message.user !== me && message.ts > reading.mark(me, placeOf(channel, message))
  ).length;
}
