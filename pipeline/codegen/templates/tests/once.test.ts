import assert from "node:assert/strict";
import type { KeyValue } from "@versori/run";
import { inTurn, once } from "./once.ts";

/** A store as the platform's, in memory. */
function store(): Pick<KeyValue, "get" | "set"> {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string | string[]) =>
      Promise.resolve(values.get(String(key)) as T | undefined),
    set: (key, value) => Promise.resolve(void values.set(String(key), value)),
  };
}

Deno.test("work of one key is done once, even when asked for at the same time", async () => {
  const kv = store();
  let count = 0;
  const work = () => Promise.resolve(++count);
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => once(kv, ["order", "1"], work)),
  );
  assert.equal(count, 1);
  assert.deepEqual(outcomes.map(({ repeated }) => repeated), [
    false,
    true,
    true,
  ]);
  assert.deepEqual(outcomes.map(({ result }) => result), [1, 1, 1]);
});

Deno.test("work that failed is done again", async () => {
  const kv = store();
  await assert.rejects(
    once(kv, ["order", "1"], () => Promise.reject(new Error("not now"))),
  );
  const { repeated } = await once(
    kv,
    ["order", "1"],
    () => Promise.resolve("written"),
  );
  assert.equal(repeated, false);
});

Deno.test("a failure does not stop whoever waits for its turn", async () => {
  const failing = inTurn("key", () => Promise.reject(new Error("first")));
  const following = inTurn("key", () => Promise.resolve("second"));
  await assert.rejects(failing);
  assert.equal(await following, "second");
});

Deno.test("what changed is done again; the same and what is older are not", async () => {
  const kv = store();
  const done: string[] = [];
  const run = (content: string, changed?: string) =>
    once(kv, ["order", "1"], () => Promise.resolve(done.push(content)), { content, changed });
  await run("new", "2026-03-01T10:00:00Z");
  await run("new", "2026-03-01T10:00:00Z");
  await run("late", "2026-03-01T10:00:00+02:00");
  await run("same second", "2026-03-01T10:00:00Z");
  await run("newer", "2026-03-01T10:00:01Z");
  await run("nobody knows when");
  assert.deepEqual(done, ["new", "same second", "newer", "nobody knows when"]);
});
