/** Says things to people who do not see the page, and shows short notices to those who do. */
import { element } from "./element.js";

const SHOWN_FOR = 8000;

/** @param {string} text */
export function announce(text) {
  const region = document.getElementById("announcements");
  if (!region) return;
  region.append(element("p", {}, text));
  while (region.children.length > 5) region.firstChild?.remove();
}

/**
 * A sentence about something that could not be done.
 * @param {string} text
 */
export function notify(text) {
  const notices = document.getElementById("notices");
  if (!notices) return;
  const notice = element(
    "div",
    { class: "notice" },
    element("p", {}, text),
    element(
      "button",
      { type: "button", class: "quiet", onclick: () => notice.remove() },
      "Dismiss",
    ),
  );
  notices.append(notice);
  setTimeout(() => notice.remove(), SHOWN_FOR);
}
