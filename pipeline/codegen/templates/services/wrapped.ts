/** Records whose members are no longer in objects that have nothing but one of these names. */
export function unwrapped<T extends object>(
  records: readonly T[],
  names: readonly string[],
): T[] {
  return records.map((record) => opened(record, names) as T);
}

function opened(record: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, content(value, names)]),
  );
}

function content(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => content(one, names));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  const [only] = members;
  return only && members.length === 1 && names.includes(only[0])
    ? content(only[1], names)
    : opened(value, names);
}
