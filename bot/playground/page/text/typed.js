/** A message's text as it was typed, to be edited: the way back from Slack's own form. */
import { decode } from "./entities.js";

/**
 * @param {string} text
 * @param {{ userHandle: (id: string) => string, channelName: (id: string) => string }} names
 */
export function asTyped(text, { userHandle, channelName }) {
  const shown = text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => {
    if (/^@[UW]/.test(target)) return `@${userHandle(target.slice(1))}`;
    if (/^#[CDG]/.test(target)) return `#${label || channelName(target.slice(1))}`;
    return /^(https?|mailto):/.test(target) ? target : whole;
  });
  return decode(shown);
}
