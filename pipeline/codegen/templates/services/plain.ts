import { valuesAt } from "./records.ts";

/** Where a plain value stands in a member of each kind, and what it is: `at` has several ways. */
export type Shapes = Readonly<
  Record<
    string,
    {
      at: readonly (readonly string[])[];
      as: "value" | "text" | "list";
    }
  >
>;

/** The records with plain values in a map, in place of objects that hold them by their kind. */
export function plainValues<T extends object>(
  records: readonly T[],
  member: string,
  shapes: Shapes,
): T[] {
  return records.map((record) => {
    const map = (record as Record<string, unknown>)[member];
    if (typeof map !== "object" || map === null) return record;
    const plain = Object.entries(map).map((
      [name, value],
    ) => [name, plainValue(value, shapes)]);
    return { ...record, [member]: Object.fromEntries(plain) };
  });
}

function plainValue(value: unknown, shapes: Shapes): unknown {
  if (typeof value !== "object" || value === null) return value;
  const kind = Object.keys(shapes).find((one) => one in value);
  const shape = kind === undefined ? undefined : shapes[kind];
  if (!shape) return value;
  const found = shape.at
    .map((path) => valuesAt(value, path).filter((one) => one != null))
    .find((values) => values.length > 0) ?? [];
  if (shape.as === "list") return found;
  return shape.as === "text" ? found.join("") : found[0];
}
