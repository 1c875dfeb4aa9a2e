import assert from "node:assert/strict";
import { namesById, withNames } from "./names.ts";
import type { Page } from "./pages.ts";

interface Label {
  id: string;
  name: string;
}

async function* pages(): AsyncGenerator<Page<Label>> {
  yield { records: [{ id: "L1", name: "Invoices" }], next: 2 };
  yield { records: [{ id: "L2", name: "Urgent" }], next: undefined };
}

Deno.test("ids become names, from all pages; one that nobody knows stays", async () => {
  const names = await namesById(pages(), "id", "name");
  const [message] = withNames(
    [{ labelIds: ["L2", "L1", "L9"] }],
    "labels",
    "labelIds",
    names,
  );
  assert.deepEqual((message as unknown as { labels: string[] }).labels, [
    "Urgent",
    "Invoices",
    "L9",
  ]);
});
