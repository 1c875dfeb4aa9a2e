import { valueAt } from "./records.ts";

/** Rows of a sheet as records: the first row has the names of the columns. */
export function rows<T extends object>(
  answer: unknown,
  path: readonly string[],
): T[] {
  const found = valueAt(answer, path);
  const [names, ...lines] = Array.isArray(found) ? found : [];
  if (!Array.isArray(names)) return [];
  return lines.map((line, index) => ({
    row_number: index + 2,
    ...Object.fromEntries(names.map((name, column) => [name, line[column]])),
  } as unknown as T));
}
