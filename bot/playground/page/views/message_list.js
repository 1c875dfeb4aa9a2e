/** A list of messages that keeps its place: it follows the newest unless one has scrolled away. */
import { element } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { keepInStep } from "../dom/keyed.js";
import { dayName, moment } from "../text/time.js";
import { changeMessage, drawMessage } from "./message.js";

/** @typedef {import("../workspace/state.js").Message} Message */
/** @typedef {import("./message.js").Deeds} Deeds */
/** @typedef {import("./message.js").Shown} Shown */
/** @typedef {{ kind: "message", id: string, shown: Shown }} MessageEntry */
/** @typedef {MessageEntry | { kind: "rule", id: string, text: string }} Entry */

const JOINED_SECONDS = 300;
const NEAR = 80;

export class MessageList {
  #following = true;

  /**
   * @param {string} label
   * @param {Deeds} deeds
   */
  constructor(label, deeds) {
    this.deeds = deeds;
    this.entries = element("div", { class: "entries" });
    this.newest = element(
      "button",
      {
        type: "button",
        class: "newest",
        hidden: true,
        onclick: () => this.toEnd(),
      },
      icon("down"),
      "Newer messages",
    );
    this.scroller = element("div", {
      class: "messages",
      role: "region",
      "aria-label": label,
      tabindex: "0",
      onscroll: () => this.#scrolled(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#steer(event),
    }, this.entries);
    this.node = element("div", { class: "messages-frame" }, this.scroller, this.newest);
    new ResizeObserver(() => this.#following && this.toEnd()).observe(this.entries);
  }

  /** @param {Entry[]} entries */
  show(entries) {
    keepInStep(this.entries, entries, {
      key: (entry) => entry.id,
      create: (entry) => this.#draw(entry),
      update: (node, entry) =>
        entry.kind === "message" ? changeMessage(node, entry.shown, this.deeds) : this.#draw(entry),
    });
    if (this.#following) this.toEnd();
  }

  /** Something was said at the end. @param {boolean} own */
  arrived(own) {
    if (own) this.toEnd();
    else this.newest.hidden = this.#following;
  }

  /** To the first unread message, or to the end. */
  open() {
    const first = this.entries.querySelector(".rule.unread");
    if (first) first.scrollIntoView({ block: "start" });
    else this.toEnd();
    this.#scrolled();
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#following = true;
    this.newest.hidden = true;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#following) this.newest.hidden = true;
  }

  /** @param {Entry} entry */
  #draw(entry) {
    if (entry.kind === "message") return drawMessage(entry.shown, this.deeds);
    const unread = entry.id === "new" ? " unread" : "";
    return element(
      "div",
      { class: `rule${unread}`, role: "separator" },
      element("span", {}, entry.text),
    );
  }

  /**
   * The arrows go from message to message.
   * @param {KeyboardEvent} event
   */
  #steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const focused = /** @type {HTMLElement} */ (event.target);
    if (!step || !focused.matches(".message, .messages")) return;
    const messages = [...this.entries.querySelectorAll(".message")];
    const here = messages.indexOf(focused);
    const next = here === -1 ? messages.at(-1) : messages[here + step];
    if (!next) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (next).focus();
  }
}

/**
 * Messages with the days between them, and a line where the unread ones begin.
 * @param {Message[]} messages
 * @param {{ readUntil: string, me: string, shown: (message: Message) => Omit<Shown, "joined"> }} how
 * @returns {Entry[]}
 */
export function entriesOf(messages, { readUntil, me, shown }) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {Message | undefined} */
  let before;
  let told = readUntil === "0";
  for (const message of messages) {
    const day = dayName(message.ts);
    const breaks = [];
    if (!before || dayName(before.ts) !== day) breaks.push({ id: `day ${day}`, text: day });
    if (!told && message.ts > readUntil && message.user !== me) {
      breaks.push({ id: "new", text: "New" });
      told = true;
    }
    entries.push(...breaks.map((one) => /** @type {Entry} */ ({ kind: "rule", ...one })));
    const joined = breaks.length === 0 && follows(message, before);
    entries.push({ kind: "message", id: message.ts, shown: { ...shown(message), joined } });
    before = message;
  }
  return entries;
}

/**
 * People's messages only: each of the bot's stands for itself, for it may ask something.
 * @param {Message} message
 * @param {Message | undefined} before
 */
function follows(message, before) {
  return before !== undefined && before.user === message.user && !message.bot_id &&
    !before.ephemeral_to &&
    !message.ephemeral_to && !message.subtype && !before.subtype &&
    (moment(message.ts).getTime() - moment(before.ts).getTime()) / 1000 < JOINED_SECONDS;
}
