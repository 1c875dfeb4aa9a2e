import { LARGEST_BATCH, type Progress } from "./batches.ts";
import { idempotencyKey } from "./idempotency.ts";
import type { Page } from "./pages.ts";
import { isBefore, newest, type Time } from "./times.ts";

/** Rows that become one record: what the first of them says, and all of them. */
export type Group<T> = T & { rows: T[] };

/** Where rows come from, and how they are put together. */
export interface Grouping<T> {
  /** All rows, page by page: a group may have rows on any page. */
  all: AsyncIterable<Page<T>>;
  /** The rows since the last run, where the system can tell them from the others. */
  changed?: AsyncIterable<Page<T>> | undefined;
  /** What the rows of a group have in common. */
  keyOf: (row: T) => unknown;
  /** Whether a row belongs to the record; all do where nothing is said. */
  isWanted?: (row: T) => boolean;
  timeOf?: (row: T) => Time | null | undefined;
  /** Groups of which no row changed since then are left alone. */
  since?: Time | undefined;
}

/** Groups, how far the source is read, and how many rows belong to none. */
export interface Groups<T> {
  found: Group<T>[];
  progress: Progress;
  keyless: number;
}

/**
 * Reads the groups of which a row changed, whole, however long ago their other rows did.
 *
 * They come in the order of their keys, so that a run can go on where the one before ended.
 */
export async function readGroups<T extends object>(
  grouping: Grouping<T>,
  before: Progress,
): Promise<Groups<T>> {
  const { keyOf, timeOf = () => undefined, since } = grouping;
  const key = (row: T) => String(keyOf(row) ?? "");
  const news = grouping.changed && await allOf(grouping.changed);
  const digest = news && await idempotencyKey(JSON.stringify(news));
  if (news?.length === 0 || (digest !== undefined && digest === before.news)) {
    return { found: [], progress: before, keyless: 0 };
  }
  const rows = await allOf(grouping.all);
  const seen = (news ?? rows).filter((row) => !isBefore(timeOf(row), since));
  const { taken, more } = portion(seen.map(key), before.position);
  // What changes while a round of several runs lasts is left to the next round.
  const latest = before.position === undefined
    ? newest([before.since, ...seen.map(timeOf)])
    : before.latest;
  return {
    found: assembled(rows, key, taken, grouping.isWanted),
    keyless: rows.filter((row) => key(row) === "").length,
    progress: more
      ? {
        ...before,
        ...(latest === undefined ? {} : { latest }),
        position: taken.at(-1)!,
      }
      : {
        ...(latest === undefined ? {} : { since: latest }),
        ...(digest === undefined ? {} : { news: digest }),
      },
  };
}

/** The keys that one run takes, after those that the runs before took, and whether more wait. */
function portion(
  keys: string[],
  after: unknown,
): { taken: string[]; more: boolean } {
  const different = [...new Set(keys)].filter((one) => one !== "").sort(
    inOrder,
  );
  const waiting = different.filter((one) =>
    after === undefined || inOrder(one, String(after)) > 0
  );
  const taken = waiting.slice(0, LARGEST_BATCH);
  return { taken, more: taken.length < waiting.length };
}

/** The groups of these keys; one that has no row that is wanted is left out. */
function assembled<T extends object>(
  rows: T[],
  key: (row: T) => string,
  keys: string[],
  isWanted: (row: T) => boolean = () => true,
): Group<T>[] {
  const byKey = Map.groupBy(rows, key);
  return keys.flatMap((one) => {
    const wanted = (byKey.get(one) ?? []).filter(isWanted);
    return wanted[0] ? [{ ...wanted[0], rows: wanted }] : [];
  });
}

async function allOf<T>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) {
    for (const row of page.records) found.push(row);
  }
  return found;
}

const NATURAL = new Intl.Collator("en", { numeric: true });

/** Order 9 comes before order 10; keys that only look alike have an order too. */
function inOrder(one: string, other: string): number {
  return NATURAL.compare(one, other) ||
    (one < other ? -1 : one > other ? 1 : 0);
}
