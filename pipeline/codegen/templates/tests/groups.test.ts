import assert from "node:assert/strict";
import { type Grouping, readGroups } from "./groups.ts";
import type { Page } from "./pages.ts";

interface Line {
  order?: string | number;
  item: string;
  time?: string;
}

/** Pages of two rows each; what is asked for is counted. */
function source(
  rows: Line[],
): { pages: () => AsyncGenerator<Page<Line>>; asked: () => number } {
  let count = 0;
  async function* pages(): AsyncGenerator<Page<Line>> {
    for (let start = 0; start < rows.length; start += 2) {
      count++;
      yield await Promise.resolve({
        records: rows.slice(start, start + 2),
        next: undefined,
      });
    }
  }
  return { pages, asked: () => count };
}

function grouping(
  rows: Line[],
  more: Partial<Grouping<Line>> = {},
): Grouping<Line> {
  return { all: source(rows).pages(), keyOf: (row) => row.order, ...more };
}

function items(groups: { order?: string | number; rows: Line[] }[]): unknown[] {
  return groups.map((
    { order, rows },
  ) => [order, ...rows.map(({ item }) => item)]);
}

const LINES: Line[] = [
  { order: 10, item: "mug", time: "2026-03-01T00:00:00Z" },
  { order: 9, item: "cup", time: "2026-03-02T00:00:00Z" },
  { order: "10", item: "jar", time: "2026-03-03T00:00:00Z" },
  { item: "nobody's" },
  { order: 9, item: "pot", time: "2026-03-01T00:00:00Z" },
];

Deno.test("rows of one key are one group, on whatever page they are", async () => {
  const { found, keyless } = await readGroups(grouping(LINES), {});
  assert.deepEqual(items(found), [[9, "cup", "pot"], [10, "mug", "jar"]]);
  assert.equal(keyless, 1);
});

Deno.test("a group of which one row changed is read whole, others are left alone", async () => {
  const timeOf = (row: Line) => row.time;
  const since = "2026-03-02T12:00:00Z";
  const { found, progress } = await readGroups(
    grouping(LINES.filter(({ time }) => time), { timeOf, since }),
    { since },
  );
  assert.deepEqual(items(found), [[10, "mug", "jar"]]);
  assert.deepEqual(progress, { since: "2026-03-03T00:00:00Z" });
});

Deno.test("where the system tells what changed, nothing else is read without need", async () => {
  const news = () => source(LINES.slice(2, 3)).pages();
  const first = await readGroups(grouping(LINES, { changed: news() }), {});
  assert.deepEqual(items(first.found), [[10, "mug", "jar"]]);
  const { pages, asked } = source(LINES);
  const again = await readGroups(
    grouping([], { all: pages(), changed: news() }),
    first.progress,
  );
  assert.deepEqual([again.found, asked()], [[], 0]);
});

Deno.test("rows that are not wanted belong to no group", async () => {
  const isWanted = ({ item }: Line) =>
    item !== "pot" && item !== "mug" && item !== "jar";
  const { found } = await readGroups(grouping(LINES, { isWanted }), {});
  assert.deepEqual(items(found), [[9, "cup"]]);
});

Deno.test("a run that is full goes on with the next key, whatever changed in between", async () => {
  const many = (count: number) =>
    Array.from(
      { length: count },
      (_, number): Line => ({ order: number, item: `item ${number}` }),
    );
  const first = await readGroups(grouping(many(1500)), {});
  assert.equal(first.found.length, 1000);
  const second = await readGroups(grouping(many(1501)), first.progress);
  assert.deepEqual(
    [second.found.length, second.found[0]?.order, second.progress],
    [501, 1000, {}],
  );
});
