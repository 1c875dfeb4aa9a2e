/** How far each person has read each place, kept in this browser. */

const STORED = "weft-playground-read";

export class Reading {
  /** @type {Record<string, string>} by "person place", the last ts read */
  #marks;

  constructor() {
    this.#marks = stored();
  }

  /**
   * @param {string} person
   * @param {string} place a channel, or channel/thread
   */
  mark(person, place) {
    return this.#marks[`${person} ${place}`] ?? "0";
  }

  /**
   * @param {string} person
   * @param {string} place
   * @param {string} ts
   */
  read(person, place, ts) {
    if (ts <= this.mark(person, place)) return;
    this.#marks[`${person} ${place}`] = ts;
    try {
      localStorage.setItem(STORED, JSON.stringify(this.#marks));
    } catch {
      // Storage may be full or forbidden: marks then last as long as the page.
    }
  }
}

/** @returns {Record<string, string>} */
function stored() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}");
  } catch {
    return {};
  }
}
