import type { Page } from "./pages.ts";

/** The names of records by their ids, from all pages. */
export async function namesById<T extends object>(
  pages: AsyncIterable<Page<T>>,
  id: keyof T,
  name: keyof T,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { records } of pages) {
    for (const one of records) found.set(String(one[id]), String(one[name]));
  }
  return found;
}

/** The records, each with the names of what its ids stand for; an unknown id stands for itself. */
export function withNames<T extends object>(
  records: readonly T[],
  member: string,
  ids: string,
  names: ReadonlyMap<string, string>,
): T[] {
  return records.map((record) => {
    const listed = (record as Record<string, unknown>)[ids];
    const known = (Array.isArray(listed) ? listed : []).map(String);
    return { ...record, [member]: known.map((id) => names.get(id) ?? id) };
  });
}
