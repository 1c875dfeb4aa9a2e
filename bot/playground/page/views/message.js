/** One message. A change redraws the parts that changed and leaves the others as they are. */
import { notify } from "../dom/announce.js";
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { keepInStep } from "../dom/keyed.js";
import { appearance } from "../render/appearance.js";
import { drawBlock } from "../render/blocks.js";
import { fileCard } from "../render/file.js";
import { flow } from "../render/markup.js";
import { changePlan } from "../render/plan.js";
import { emoji } from "../text/emoji.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { clock, fullTime, moment } from "../text/time.js";
import { avatar } from "./avatar.js";
import { toolbar } from "./toolbar.js";

/** @typedef {import("../render/host.js").Block} Block */
/** @typedef {import("../render/host.js").Host} Host */
/** @typedef {import("../workspace/state.js").Message} Message */

/**
 * @typedef {object} Shown  one message as it stands in a list
 * @property {Message} message
 * @property {boolean} joined  said right after another of the same person
 * @property {boolean} editing
 * @property {{ replies: number, last: string, unread: boolean } | null} thread
 *
 * @typedef {object} Deeds
 * @property {import("../workspace/state.js").Workspace} workspace
 * @property {(message: Message) => Host} host
 * @property {(message: Message) => void} openThread
 * @property {(message: Message) => void} edit
 * @property {(message: Message) => Promise<void>} remove
 * @property {(message: Message, name: string) => Promise<void>} react
 * @property {(message: Message) => void} dismiss
 * @property {(message: Message) => HTMLElement} editor
 */

/**
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
export function drawMessage(shown, deeds) {
  const part = (/** @type {string} */ name) => element("div", { class: name });
  const article = element(
    "article",
    { class: "message", tabindex: "-1", "data-ts": shown.message.ts },
    part("message-side"),
    element(
      "div",
      { class: "message-main" },
      ...["message-head", "message-blocks", "message-files", "message-foot"].map(part),
    ),
    part("message-tools"),
  );
  changeMessage(article, shown, deeds);
  return article;
}

/**
 * @param {HTMLElement} article
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
export function changeMessage(article, shown, deeds) {
  const { message } = shown;
  const held = article.contains(document.activeElement);
  const author = deeds.workspace.users.get(message.user);
  article.classList.toggle("joined", shown.joined);
  article.classList.toggle("private", Boolean(message.ephemeral_to));
  article.setAttribute(
    "aria-label",
    `${deeds.workspace.userName(message.user)}, ${clock(message.ts)}`,
  );
  const [side, main, tools] = [...article.children];
  const [head, blocks, files, foot] = [...main.children];
  fill(side, shown.joined ? time(message.ts) : avatar(author));
  fill(head, ...heading(shown, deeds));
  drawContent(blocks, shown, deeds);
  keepInStep(files, message.files ?? [], {
    key: (file) => file.id,
    create: (file) => fileCard(file, deeds.workspace),
  });
  fill(foot, reactions(message, deeds), replies(shown, deeds));
  fill(tools, shown.editing ? null : toolbar(shown, deeds));
  if (held && !article.contains(document.activeElement)) article.focus({ preventScroll: true });
  return article;
}

/** @param {string} ts */
function time(ts) {
  const attributes = { datetime: moment(ts).toISOString(), title: fullTime(ts) };
  return element("time", attributes, clock(ts));
}

/**
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
function heading({ message, joined }, { workspace, dismiss }) {
  const author = workspace.users.get(message.user);
  const name = [
    element("strong", { class: "author" }, workspace.userName(message.user)),
    author?.is_bot && element("span", { class: "badge" }, "App"),
    time(message.ts),
  ];
  const only = message.ephemeral_to && element(
    "span",
    { class: "only-you" },
    icon("eye"),
    "Only visible to you",
    element(
      "button",
      { type: "button", class: "quiet", onclick: () => dismiss(message) },
      "Dismiss",
    ),
  );
  return [...(joined ? [] : name), only];
}

/**
 * What a person typed is read from its text; what the bot built, from its blocks.
 * @param {Element} container
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
function drawContent(container, { message, editing }, deeds) {
  const isBot = Boolean(message.bot_id);
  const built = isBot && message.blocks?.length > 0;
  const blocks = built ? message.blocks : [typedOf(message, isBot)];
  const host = deeds.host(message);
  const create = (/** @type {Block} */ block) => {
    if (block.type === "editor") return deeds.editor(message);
    return block.type === "typed" ? typed(block, deeds) : drawBlock(block, host);
  };
  keepInStep(container, editing ? [{ type: "editor" }] : blocks, {
    key: (block, position) => `${position} ${block.type}`,
    shown: appearance,
    create,
    update: (node, block) => {
      if (block.type !== "plan" || !node.matches(".plan")) return create(block);
      changePlan(node, block, host);
      return node;
    },
  });
}

/**
 * Of a typed message only what shows, so that nothing else counts as a change of it.
 * @param {Message} message
 * @param {boolean} isBot
 * @returns {Block}
 */
function typedOf({ text, edited, subtype, files }, isBot) {
  const bare = !text && files?.length > 0;
  return { type: "typed", text, edited: Boolean(edited) && !isBot, subtype, bare };
}

/**
 * @param {Block} block
 * @param {Deeds} deeds
 */
function typed({ text, edited, subtype, bare }, { workspace }) {
  const gone = subtype === "tombstone";
  return element(
    "div",
    { class: `text typed ${gone ? "gone" : ""}`, hidden: bare },
    ...flow(mrkdwn(text ?? ""), workspace),
    edited && !gone && element("span", { class: "edited" }, "(edited)"),
  );
}

/**
 * @param {Message} message
 * @param {Deeds} deeds
 */
function reactions(message, { workspace, react }) {
  const given = message.reactions ?? [];
  if (given.length === 0) return null;
  const pills = given.map((/** @type {{ name: string, users: string[], count: number }} */ one) => {
    const people = one.users.map((id) => workspace.userName(id)).join(", ");
    return element(
      "button",
      {
        type: "button",
        class: "reaction",
        "aria-pressed": String(one.users.includes(workspace.me)),
        "aria-label": `${one.name}, ${one.count}: ${people}`,
        title: people,
        onclick: () => react(message, one.name).catch((error) => notify(error.message)),
      },
      emoji(one.name),
      element("span", {}, String(one.count)),
    );
  });
  return element("div", { class: "reactions" }, ...pills);
}

/**
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
function replies({ message, thread }, { openThread }) {
  if (!thread) return null;
  return element(
    "button",
    {
      type: "button",
      class: `replies ${thread.unread ? "unread" : ""}`,
      onclick: () => openThread(message),
    },
    icon("thread"),
    element("strong", {}, thread.replies === 1 ? "1 reply" : `${thread.replies} replies`),
    element("span", {}, `last at ${clock(thread.last)}`),
    thread.unread && element("span", { class: "new-dot" }, "new"),
  );
}
