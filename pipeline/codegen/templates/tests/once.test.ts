import assert from "node:assert/strict";
import type { KeyValue } from "@versori/run";
import { idempotencyKey, inTurn, once } from "./once.ts";

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

Deno.test("a key depends on every part and on nothing else", async () => {
  const key = await idempotencyKey("shop", 1, "order");
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.equal(await idempotencyKey("shop", 1, "order"), key);
  assert.notEqual(await idempotencyKey("shop", 2, "order"), key);
  assert.notEqual(
    await idempotencyKey("shop", "1o", "rder"),
    await idempotencyKey("shop", "1", "order"),
  );
});
