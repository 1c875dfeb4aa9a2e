/** A person's initials on their colour; Weft's mark for a bot. */
import { element } from "../dom/element.js";
import { mark } from "../dom/icons.js";

/** @param {import("../workspace/state.js").User | undefined} user */
export function avatar(user) {
  if (user?.is_bot) return element("span", { class: "avatar bot", "aria-hidden": "true" }, mark());
  const letters = (user?.real_name ?? "?").split(/\s+/).map((word) => word[0] ?? "").slice(0, 2);
  const made = element("span", { class: "avatar", "aria-hidden": "true" }, letters.join(""));
  if (/^[0-9a-f]{6}$/i.test(user?.color ?? "")) made.style.background = `#${user?.color}`;
  return made;
}
