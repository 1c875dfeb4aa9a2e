"""A small valid project: the style of code that Weft writes on the Run SDK."""

from pipeline.artifacts import SourceFile
from pipeline.sandbox.project import deno_json

INDEX = """\
import { durable } from "@versori/run";
import { orderToReceipt } from "./workflows/order-to-receipt.ts";

async function main(): Promise<void> {
  const interpreter = await durable.DurableInterpreter.newInstance();
  interpreter.register(orderToReceipt);
  await interpreter.start();
}

main().catch((error) => console.error("The project stopped", error));
"""

WORKFLOW = """\
import { type Context, fn, http, webhook } from "@versori/run";
import { toReceipt } from "../services/to-receipt.ts";
import type { Order } from "../types/order.ts";

/** Every new order becomes a receipt, once. */
export const orderToReceipt = webhook("order-to-receipt", {
  method: "post",
  connection: "shop",
  response: { mode: "sync" },
})
  .then(
    fn("prepare-receipt", ({ data, log }: Context<Order>) => {
      log.info("Order received", { orderId: data.id });
      return toReceipt(data);
    }),
  )
  .then(
    http(
      "create-receipt",
      { connection: "books" },
      async ({ data, fetch, log, openKv }) => {
        const kv = openKv(":workspace:");
        const key = ["receipts", data.number];
        const known = await kv.get<string>(key);
        if (known !== undefined) {
          log.info("Receipt exists already", {
            number: data.number,
            receiptId: known,
          });
          return { receiptId: known, created: false };
        }
        log.info("Creating receipt", { method: "POST", path: "/receipts" });
        const response = await fetch("/receipts", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(data),
        });
        log.info("Answer received", { status: response.status });
        if (!response.ok) {
          throw new Error(`Creating a receipt: ${response.status}`);
        }
        const { id } = await response.json() as { id: string };
        await kv.set(key, id);
        return { receiptId: id, created: true };
      },
    ),
  );
"""

SERVICE = """\
import type { Order, Receipt } from "../types/order.ts";

/** The receipt of an order; its total is a number. */
export function toReceipt(order: Order): Receipt {
  return { number: String(order.id), total: Number(order.total_price) };
}
"""

SERVICE_TEST = """\
import { deepStrictEqual } from "node:assert/strict";
import { toReceipt } from "./to-receipt.ts";

Deno.test("an order becomes a receipt with its total as a number", () => {
  deepStrictEqual(toReceipt({ id: 7, total_price: "12.50" }), {
    number: "7",
    total: 12.5,
  });
});
"""

TYPES = """\
export interface Order {
  id: number;
  total_price: string;
}

export interface Receipt {
  number: string;
  total: number;
}
"""

PACKAGE = """\
{
  "name": "orders-to-receipts",
  "version": "1.0.0",
  "type": "module",
  "dependencies": {
    "@versori/run": "^0.6.3"
  }
}
"""

TSCONFIG = """\
{
  "compilerOptions": {
    "module": "ESNext",
    "moduleResolution": "bundler",
    "target": "ES2024",
    "strict": true,
    "allowImportingTsExtensions": true,
    "noEmit": true
  }
}
"""

SAMPLE = {
    "deno.json": deno_json(),
    "package.json": PACKAGE,
    "tsconfig.json": TSCONFIG,
    "README.md": "# Orders to receipts\n\nEvery new order becomes a receipt.\n",
    ".gitignore": ".gitignore\n.env\n",
    "src/index.ts": INDEX,
    "src/workflows/order-to-receipt.ts": WORKFLOW,
    "src/services/to-receipt.ts": SERVICE,
    "src/services/to-receipt.test.ts": SERVICE_TEST,
    "src/types/order.ts": TYPES,
}


def sample_files(**changes: str | None) -> list[SourceFile]:
    """The sample's files, some of them changed (by path); None leaves one out."""
    merged = {**SAMPLE, **changes}
    return [
        SourceFile(path=path, content=content)
        for path, content in sorted(merged.items())
        if content is not None
    ]
