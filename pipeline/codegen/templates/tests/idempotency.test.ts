import assert from "node:assert/strict";
import { idempotencyKey } from "./idempotency.ts";

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
