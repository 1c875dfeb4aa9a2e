/** A time as APIs write it: ISO 8601, or seconds (or milliseconds) since 1970. */
export type Time = string | number;

/** The times of an API: a number above this counts milliseconds. */
const LARGEST_SECONDS = 1e11;

/** Milliseconds since 1970; NaN where it is no time. */
export function milliseconds(time: Time): number {
  if (typeof time === "string") return Date.parse(time);
  return Math.abs(time) > LARGEST_SECONDS ? time : time * 1000;
}

/** Whether a time is before another; false where one of them is missing or no time. */
export function isBefore(
  one: Time | null | undefined,
  other: Time | null | undefined,
): boolean {
  return milliseconds(one ?? NaN) < milliseconds(other ?? NaN);
}

/** A time so many seconds before, written in the same way. */
export function earlier(time: Time, seconds: number): Time {
  if (typeof time === "number") {
    return time - seconds * (time > LARGEST_SECONDS ? 1000 : 1);
  }
  return new Date(milliseconds(time) - seconds * 1000).toISOString();
}

/** The latest of the times that are there; a text comes out as ISO 8601, as it is asked for. */
export function newest(
  times: readonly (Time | null | undefined)[],
): Time | undefined {
  const known = times.filter((time): time is Time =>
    !Number.isNaN(milliseconds(time ?? NaN))
  );
  if (known.length === 0) return undefined;
  return iso(known.reduce((one, other) => isBefore(one, other) ? other : one));
}

/** The same time, where it is a text such as “Tue, 01 Aug 2023 …” (RFC 2822), as ISO 8601. */
function iso(time: Time): Time {
  return typeof time === "string" && !/^\d/.test(time)
    ? new Date(milliseconds(time)).toISOString()
    : time;
}
