import { valuesAt } from "./records.ts";

/** What names a page to the system that has it. */
export type Position = string | number;

/** Records, and the position of the page after them, where there is one. */
export interface Page<T> {
  records: T[];
  next: Position | undefined;
}

/** A position that an answer holds; undefined where it names none. */
export function positionOf(value: unknown): Position | undefined {
  return typeof value === "number" || (typeof value === "string" && value !== "")
    ? value
    : undefined;
}

/** The address of a page, below a base URL whose own path has so many segments. */
export function addressOf(
  value: unknown,
  segments: number,
): Position | undefined {
  const address = positionOf(value);
  if (typeof address !== "string" || !address.startsWith("/")) return address;
  return `/${address.split("/").slice(segments + 1).join("/")}`;
}

/** The last of the values at a path of an answer. */
export function lastAt(answer: unknown, path: readonly string[]): unknown {
  return valuesAt(answer, path).at(-1);
}
