/** Which addresses a link or a picture may have. */

const LINKED = new Set(["http:", "https:", "mailto:"]);

/**
 * The address in its normal form, or null for anything that is not a web page or a mail address.
 * @param {unknown} value
 * @returns {string | null}
 */
export function safeAddress(value) {
  const address = parsed(value);
  return address && LINKED.has(address.protocol) ? address.href : null;
}

/**
 * A source that this page itself serves; whatever lies elsewhere is linked, never loaded.
 * @param {unknown} value
 * @returns {string | null}
 */
export function localSource(value) {
  const address = parsed(value);
  if (!address) return null;
  const local = address.protocol === "blob:" || address.host === location.host;
  return local && ["blob:", "http:", "https:"].includes(address.protocol) ? address.href : null;
}

/** @param {unknown} value */
function parsed(value) {
  if (typeof value !== "string" || value.trim() === "") return null;
  try {
    return new URL(value, location.href);
  } catch {
    return null;
  }
}
