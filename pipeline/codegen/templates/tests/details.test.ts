import assert from "node:assert/strict";
import { readEach } from "./details.ts";

Deno.test("each is read, in order, a few at a time; what is gone is left out", async () => {
  let reading = 0;
  let most = 0;
  const found = await readEach(
    Array.from({ length: 12 }, (_, place) => place),
    async (place) => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setTimeout(resolve, 12 - place));
      reading--;
      return place === 3 ? undefined : place;
    },
  );
  assert.deepEqual(found, [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11]);
  assert.equal(most, 5);
});
