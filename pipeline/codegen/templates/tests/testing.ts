import assert from "node:assert/strict";

/** A copy of a record with other values at some paths (`line_items.0.price`); undefined removes. */
export function changed<T>(record: T, changes: Record<string, unknown>): T {
  const copy = structuredClone(record);
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop() as string;
    // deno-lint-ignore no-explicit-any -- a path leads anywhere
    const owner = steps.reduce<any>((inner, step) => inner[step] ??= {}, copy);
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return copy;
}

/** Fails where a record lacks something that is expected of it; it may hold more. */
export function assertHolds(
  actual: unknown,
  expected: unknown,
  path = "output",
): void {
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(
      actual,
      expected,
      `${path}: expected ${show(expected)}, got ${show(actual)}`,
    );
    return;
  }
  assert.ok(
    typeof actual === "object" && actual !== null,
    `${path}: expected ${show(expected)}, got ${show(actual)}`,
  );
  if (Array.isArray(expected)) {
    const length = (actual as unknown[]).length;
    assert.equal(
      length,
      expected.length,
      `${path}: expected ${expected.length} elements, got ${length}`,
    );
  }
  for (const [name, value] of Object.entries(expected)) {
    assertHolds(
      (actual as Record<string, unknown>)[name],
      value,
      `${path}.${name}`,
    );
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
