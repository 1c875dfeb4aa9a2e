/** Message timestamps, which are seconds with microseconds in a string, as people read them. */

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "medium" });

/** @param {string} ts */
export function moment(ts) {
  return new Date(Number(ts) * 1000);
}

/** @param {string} ts */
export function clock(ts) {
  return CLOCK.format(moment(ts));
}

/** @param {string} ts */
export function fullTime(ts) {
  return FULL.format(moment(ts));
}

/**
 * "Today", "Yesterday" or the day's name and date.
 * @param {string} ts
 */
export function dayName(ts) {
  const day = moment(ts);
  const today = new Date();
  if (day.toDateString() === today.toDateString()) return "Today";
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  return day.toDateString() === yesterday.toDateString() ? "Yesterday" : DAY.format(day);
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_pretty: { year: "numeric", month: "long", day: "numeric" },
  date_short_pretty: { year: "numeric", month: "short", day: "numeric" },
  date_long_pretty: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/**
 * A date in the reader's zone: `format` holds names such as {date_short} and {time}.
 * @param {number} seconds
 * @param {string} format
 */
export function formatted(seconds, format) {
  const when = new Date(seconds * 1000);
  return format.replace(
    /\{(\w+)\}/g,
    (whole, name) =>
      Object.hasOwn(FORMATS, name)
        ? new Intl.DateTimeFormat("en-GB", FORMATS[name]).format(when)
        : whole,
  );
}
