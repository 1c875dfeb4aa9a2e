import { strictEqual, throws } from "node:assert/strict";
import { milliseconds } from "../../../../pipeline/platforms/local/runtime/durations.ts";

Deno.test("delays are written as people write them", () => {
  strictEqual(milliseconds("5s"), 5000);
  strictEqual(milliseconds("250ms"), 250);
  strictEqual(milliseconds("1m30s"), 90_000);
  strictEqual(milliseconds("1.5h"), 5_400_000);
  strictEqual(milliseconds("1d"), 86_400_000);
});

Deno.test("what is no delay is refused", () => {
  for (const text of ["", "5", "s", "5 s", "-5s", "5s!", "soon"]) {
    throws(() => milliseconds(text), /is no delay/);
  }
});
