/** What can be done with a message: react, reply, edit, delete. */
import { notify } from "../dom/announce.js";
import { ask } from "../dom/dialog.js";
import { element } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { menu } from "../dom/menu.js";
import { emoji } from "../text/emoji.js";

/** @typedef {import("./message.js").Deeds} Deeds */
/** @typedef {import("./message.js").Shown} Shown */

const OFFERED = ["x", "eyes", "+1", "white_check_mark"];

/**
 * @param {Shown} shown
 * @param {Deeds} deeds
 */
export function toolbar({ message }, deeds) {
  if (message.ephemeral_to || message.subtype === "tombstone") return null;
  const own = message.user === deeds.workspace.me;
  const reactions = menu(
    { class: "tool", "aria-label": "React", title: "React" },
    [icon("react")],
    () =>
      OFFERED.map((name) => ({
        label: [emoji(name), element("span", {}, `:${name}:`)],
        choose: () => deeds.react(message, name).catch((error) => notify(error.message)),
      })),
  );
  return element(
    "div",
    { class: "tools", role: "group", "aria-label": "Message actions" },
    reactions,
    tool("thread", "Reply in thread", () => deeds.openThread(message)),
    own && tool("edit", "Edit message", () => deeds.edit(message)),
    own && tool("trash", "Delete message", () => remove(message, deeds)),
  );
}

/**
 * @param {import("../dom/icons.js").IconName} sign
 * @param {string} label
 * @param {() => void} onclick
 */
function tool(sign, label, onclick) {
  const attributes = { type: "button", class: "tool", "aria-label": label, title: label, onclick };
  return element("button", attributes, icon(sign));
}

/**
 * @param {import("../workspace/state.js").Message} message
 * @param {Deeds} deeds
 */
async function remove(message, deeds) {
  const sure = await ask({
    title: "Delete this message?",
    text: "It goes for everyone in the channel.",
    yes: "Delete",
    no: "Keep",
    style: "danger",
  });
  if (sure) await deeds.remove(message).catch((error) => notify(error.message));
}
