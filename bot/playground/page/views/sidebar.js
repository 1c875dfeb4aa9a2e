/** The channels, with what is unread in them. */
import { element, fill } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { isDirect } from "../workspace/state.js";
import { avatar } from "./avatar.js";
import { unreadIn } from "./pane.js";

/** @typedef {import("../workspace/state.js").Channel} Channel */
/** @typedef {import("../workspace/state.js").Workspace} Workspace */

/**
 * @param {HTMLElement} nav
 * @param {Workspace} workspace
 * @param {string | null} current
 */
export function drawSidebar(nav, workspace, current) {
  const channels = workspace.myChannels();
  const group = (/** @type {string} */ title, /** @type {Channel[]} */ some) =>
    some.length > 0 && [
      element("h2", {}, title),
      element("ul", {}, ...some.map((channel) => entry(channel, workspace, current))),
    ];
  fill(
    nav,
    group("Channels", channels.filter((channel) => !isDirect(channel))) || null,
    group("Direct messages", channels.filter(isDirect)) || null,
  );
}

/**
 * @param {Channel} channel
 * @param {Workspace} workspace
 * @param {string | null} current
 */
function entry(channel, workspace, current) {
  const unread = unreadIn(workspace, channel.id);
  const direct = isDirect(channel);
  const other = workspace.users.get(channel.members.find((id) => id !== workspace.me) ?? "");
  return element(
    "li",
    {},
    element(
      "a",
      {
        class: `channel-link ${unread ? "unread" : ""}`,
        href: `#/${channel.id}`,
        "aria-current": channel.id === current ? "page" : null,
      },
      direct ? avatar(other) : icon("hash"),
      element("span", { class: "channel-name" }, direct ? other?.real_name : channel.name),
      unread > 0 &&
        element("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)),
    ),
  );
}
