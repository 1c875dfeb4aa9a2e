import assert from "node:assert/strict";
import { delayBefore, type ErrorRule, failureOf } from "./requests.ts";

const RULES: readonly ErrorRule[] = [
  { status: 429, meaning: "Too many requests.", retry: true },
  {
    path: ["errors", "0", "code"],
    code: "6240",
    meaning: "The name is taken.",
    retry: false,
  },
  {
    status: 200,
    path: ["errors"],
    meaning: "It carries an error.",
    retry: false,
  },
];

Deno.test("an answer without a fault is a success", () => {
  assert.equal(failureOf(200, { id: 1 }, RULES), undefined);
  assert.equal(failureOf(204, undefined, RULES), undefined);
});

Deno.test("an answer that says OK but carries a fault is a failure", () => {
  const failure = failureOf(200, { errors: [{ code: "1" }] }, RULES);
  assert.equal(failure?.meaning, "It carries an error.");
  assert.equal(failure?.retry, false);
});

Deno.test("the first rule that applies says what a failure means", () => {
  assert.equal(
    failureOf(400, { errors: [{ code: 6240 }] }, RULES)?.meaning,
    "The name is taken.",
  );
  assert.equal(failureOf(429, "slow down", RULES)?.retry, true);
});

Deno.test("without a rule, only what may pass by itself is repeated", () => {
  assert.equal(failureOf(400, undefined, [])?.retry, false);
  assert.equal(failureOf(404, undefined, [])?.retry, false);
  assert.equal(failureOf(500, undefined, [])?.retry, true);
  assert.equal(failureOf(429, undefined, [])?.retry, true);
});

Deno.test("after a server's failure nobody knows whether the request had its effect", () => {
  assert.equal(failureOf(503, undefined, [])?.uncertain, true);
  assert.equal(failureOf(429, undefined, [])?.uncertain, false);
});

Deno.test("it waits at least as long as the system asks", () => {
  const delay = delayBefore(2, "2");
  assert.ok(delay >= 2000 && delay <= 2500, `${delay} ms`);
  const date = new Date(Date.now() + 5000).toUTCString();
  assert.ok(delayBefore(2, date) > 3000);
});

Deno.test("it waits longer each time, and not in step with others", () => {
  for (let attempt = 2; attempt <= 5; attempt++) {
    const longest = 500 * 2 ** (attempt - 2);
    const delay = delayBefore(attempt, null);
    assert.ok(delay >= longest / 2 && delay <= longest, `${delay} ms`);
  }
});
