/** What this page knows of the workspace. It changes here only, and says what changed. */
import { Reading } from "./reading.js";

/**
 * @typedef {{ id: string, name: string, real_name: string, color: string, is_bot: boolean,
 *   role?: string }} User
 * @typedef {{ id: string, name: string, members: string[] }} Channel
 * @typedef {Record<string, any> & { ts: string, user: string, text: string, thread_ts?: string,
 *   ephemeral_to?: string }} Message
 * @typedef {{ channel: string, thread_ts: string, user: string, status: string }} Typing
 */

const SLACKBOT = "USLACKBOT";
const TYPING_LASTS = 120_000;

/** Tells "people", "channels", "messages", "typing" and "arrived" (with the message). */
export class Workspace extends EventTarget {
  /** @type {Map<string, User>} */
  users = new Map();
  /** @type {Map<string, Channel>} */
  channels = new Map();
  /** @type {Map<string, Map<string, Message>>} */
  #messages = new Map();
  /** @type {Map<string, Typing & { since: number }>} */
  #typing = new Map();
  name = "";
  me = "";
  /** @type {string[]} */
  commands = [];

  constructor() {
    super();
    this.reading = new Reading();
  }

  /**
   * @param {{ workspace: { name: string }, users: User[], channels: Channel[], me?: string,
   *   commands?: string[] }} state
   */
  begin(state) {
    this.name = state.workspace.name;
    this.users = new Map(state.users.map((user) => [user.id, user]));
    this.channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.commands = state.commands ?? [];
    this.#tell("people");
    this.#tell("channels");
  }

  /** @param {string} user */
  become(user) {
    this.me = user;
    this.#typing.clear();
    this.#tell("people");
    this.#tell("channels");
    this.#tell("messages");
  }

  /** @returns {User[]} */
  people() {
    return [...this.users.values()];
  }

  /** @param {string} id */
  userName(id) {
    const user = this.users.get(id);
    return user?.real_name || user?.name || (id === SLACKBOT ? "Workspace" : id);
  }

  /** @param {string} id */
  channelName(id) {
    return this.channels.get(id)?.name ?? id;
  }

  /** The channels that the present person is in; direct messages last. */
  myChannels() {
    const mine = [...this.channels.values()].filter((one) => one.members.includes(this.me));
    return mine.sort((one, other) => Number(isDirect(one)) - Number(isDirect(other)));
  }

  publicChannels() {
    return [...this.channels.values()].filter((channel) => !isDirect(channel));
  }

  /** @param {string} channel */
  botIsIn(channel) {
    return this.channels.get(channel)?.members.some((id) => this.users.get(id)?.is_bot) ?? false;
  }

  /**
   * Oldest first; without what only others may see.
   * @param {string} channel
   */
  messages(channel) {
    return [...this.#messages.get(channel)?.values() ?? []]
      .filter(({ ephemeral_to: only }) => !only || only === this.me)
      .sort((one, other) => one.ts < other.ts ? -1 : 1);
  }

  /**
   * What stands in the channel itself.
   * @param {string} channel
   */
  roots(channel) {
    return this.messages(channel).filter((message) =>
      !isReply(message) || message.subtype === "thread_broadcast"
    );
  }

  /**
   * The root, if it still stands, and its replies.
   * @param {string} channel
   * @param {string} root
   */
  thread(channel, root) {
    return this.messages(channel).filter(({ ts, thread_ts }) => ts === root || thread_ts === root);
  }

  /**
   * @param {string} channel
   * @param {string} ts
   */
  message(channel, ts) {
    return this.#messages.get(channel)?.get(ts);
  }

  /**
   * @param {string} channel
   * @param {Message[]} messages
   */
  take(channel, messages) {
    this.#messages.set(channel, new Map(messages.map((message) => [message.ts, message])));
    this.#tell("messages", { channel });
  }

  /** @param {Record<string, any>} event of the stream */
  apply(event) {
    switch (event.type) {
      case "message":
      case "ephemeral":
        return this.#arrived(event.channel, event.message);
      case "message_changed":
        return this.#keep(event.channel, event.message);
      case "message_deleted":
        return this.forget(event.channel, event.ts);
      case "members":
        return this.#members(event.channel, event.members);
      case "typing":
        return this.#types(/** @type {any} */ (event));
    }
  }

  /**
   * @param {string} channel
   * @param {string} ts
   */
  forget(channel, ts) {
    this.#messages.get(channel)?.delete(ts);
    this.#tell("messages", { channel });
  }

  /**
   * What somebody is doing in a thread, or in the channel itself.
   * @param {string} channel
   * @param {string} [thread]
   */
  typing(channel, thread) {
    const oldest = Date.now() - TYPING_LASTS;
    return [...this.#typing.values()].filter((one) =>
      one.channel === channel && one.since > oldest && (!thread || one.thread_ts === thread)
    );
  }

  /**
   * @param {string} channel
   * @param {Message} message
   */
  #arrived(channel, message) {
    this.#typing.delete(`${channel} ${message.thread_ts ?? ""} ${message.user}`);
    if (message.user === this.me) this.reading.read(this.me, placeOf(channel, message), message.ts);
    this.#keep(channel, message);
    this.#tell("typing", { channel });
    this.#tell("arrived", { channel, message });
  }

  /**
   * @param {string} channel
   * @param {Message} message
   */
  #keep(channel, message) {
    const messages = this.#messages.get(channel) ?? new Map();
    messages.set(message.ts, message);
    this.#messages.set(channel, messages);
    this.#tell("messages", { channel });
  }

  /**
   * @param {string} id
   * @param {string[]} members
   */
  #members(id, members) {
    const channel = this.channels.get(id);
    if (channel) this.channels.set(id, { ...channel, members });
    this.#tell("channels");
  }

  /** @param {Typing} typing */
  #types(typing) {
    const key = `${typing.channel} ${typing.thread_ts ?? ""} ${typing.user}`;
    if (typing.status === "") this.#typing.delete(key);
    else this.#typing.set(key, { ...typing, since: Date.now() });
    this.#tell("typing", { channel: typing.channel });
  }

  /**
   * @param {string} kind
   * @param {object} [detail]
   */
  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

/** @param {{ id: string }} channel */
export function isDirect({ id }) {
  return id.startsWith("D");
}

/** @param {{ ts: string, thread_ts?: string }} message */
export function isReply({ ts, thread_ts }) {
  return thread_ts !== undefined && thread_ts !== ts;
}

/**
 * Where a message is read: its channel, or its thread.
 * @param {string} channel
 * @param {{ ts: string, thread_ts?: string }} message
 */
export function placeOf(channel, message) {
  return isReply(message) ? `${channel}/${message.thread_ts}` : channel;
}
