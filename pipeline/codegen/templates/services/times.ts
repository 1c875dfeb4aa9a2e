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

/** The latest of the times that are there. */
export function newest(
  times: readonly (Time | null | undefined)[],
): Time | undefined {
  return times.reduce<Time | undefined>(
    (latest, time) =>
      time !== null && time !== undefined &&
        (latest === undefined || isBefore(latest, time))
        ? time
        : latest,
    undefined,
  );
}
