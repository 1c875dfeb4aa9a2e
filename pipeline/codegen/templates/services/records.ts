/** A record being built: what is optional may still lack its value. */
export type Draft<T> = T extends readonly (infer Element)[] ? Draft<Element>[]
  : T extends object ? {
      [Key in keyof T]: undefined extends T[Key]
        ? Draft<T[Key]> | null | undefined
        : Draft<T[Key]>;
    }
  : T;

/** Something required is missing in the record that came in. */
export class MissingValue extends Error {
  override readonly name = "MissingValue";
}

/** The value, which `what` describes to people; MissingValue where there is none. */
export function required<T>(value: T, what: string): NonNullable<T> {
  if (value === null || value === undefined || value === "") {
    throw new MissingValue(`${what} is missing`);
  }
  return value;
}

/** What a function makes of a value; undefined where there is none. */
export function given<T, R>(
  value: T | null | undefined,
  make: (value: T) => R,
): R | undefined {
  return value === null || value === undefined ? undefined : make(value);
}

/** The record without members that have no value, and objects left with none; `{}` stays. */
export function complete<T>(draft: Draft<T>): T {
  return (prune(draft) ?? {}) as T;
}

function prune(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (Array.isArray(value)) {
    return value.map(prune).filter((element) => element !== undefined);
  }
  if (typeof value !== "object") return value;
  const whole = Object.entries(value as object);
  const members = whole
    .map(([name, member]) => [name, prune(member)])
    .filter(([, member]) => member !== undefined);
  const isEmptied = whole.length > 0 && members.length === 0;
  return isEmptied ? undefined : Object.fromEntries(members);
}

/** The value at a path; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      (inner as Record<string, unknown> | null | undefined)?.[name],
    value,
  );
}

/** All values at a path; the step `[]` goes through the elements of a list. */
export function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  return path.reduce<unknown[]>(
    (values, step) =>
      step === "[]" ? values.flat() : values.map((one) => valueAt(one, [step])),
    [value],
  );
}

/** The records at a path of an answer; none where the path leads nowhere. */
export function records<T extends object>(
  answer: unknown,
  path: readonly string[],
): T[] {
  const found = valuesAt(answer, path).flat();
  return found.filter((one): one is T =>
    typeof one === "object" && one !== null
  );
}

/** The first of the records; TypeError where the answer had none. */
export function first<T>(found: readonly T[]): T {
  const [one] = found;
  if (one === undefined) throw new TypeError("The answer has no record");
  return one;
}
