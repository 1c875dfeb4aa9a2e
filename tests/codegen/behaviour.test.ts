// The generated workflow of the sales receipts, run against a QuickBooks in memory: its effects
// are counted. Placed in the generated project's `src/` by test_behaviour.py.
import assert from "node:assert/strict";
import { MemoryInterpreter } from "@versori/run";
import { shopifyOrdersToQuickbooks } from "./workflows/shopify-orders-to-quickbooks.ts";

type Body = Record<string, unknown>;
type Fault = (
  request: { method: string; url: URL; number: number },
) => Response | undefined;

/** Keeps what is created, and gives for a request id that it knows what it gave before. */
class FakeQuickBooks {
  readonly created: Record<string, Body[]> = {
    Customer: [],
    Item: [],
    SalesReceipt: [],
  };
  readonly requests: string[] = [];
  readonly queries: string[] = [];
  private readonly answers = new Map<string, Body>();

  constructor(private readonly fault: Fault = () => undefined) {}

  async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    const fault = this.fault({
      method: request.method,
      url,
      number: this.requests.length,
    });
    if (fault) return fault;
    if (request.method === "GET") {
      return this.query(url.searchParams.get("query") ?? "");
    }
    const entity = {
      "/customer": "Customer",
      "/item": "Item",
      "/salesreceipt": "SalesReceipt",
    }[
      url.pathname
    ];
    assert.ok(entity, url.pathname);
    const key = url.searchParams.get("requestid");
    assert.ok(key, "every create carries a request id");
    return Response.json({
      [entity]: this.create(entity, key, await request.json()),
    });
  }

  private create(entity: string, key: string, body: Body): Body {
    const known = this.answers.get(key);
    if (known) return known;
    const record = {
      ...body,
      Id: `${entity}-${this.created[entity]!.length + 1}`,
    };
    this.created[entity]!.push(record);
    this.answers.set(key, record);
    return record;
  }

  private query(query: string): Response {
    this.queries.push(query);
    const match = /^select \* from (\w+) where (\w+) = '(.*)'$/.exec(query);
    assert.ok(match, query);
    const [, entity, field, value] = match as unknown as [
      string,
      string,
      string,
      string,
    ];
    if (entity === "Account") {
      return Response.json({
        QueryResponse: { Account: [{ Id: "79", Name: value }] },
      });
    }
    const plain = value.replace(/\\(.)/g, "$1");
    const found = this.created[entity]!.filter((record) => {
      const held = record[field] as string | { Address: string };
      return (typeof held === "object" ? held.Address : held) === plain;
    });
    return Response.json({
      QueryResponse: found.length ? { [entity]: found } : {},
    });
  }
}

const ORDER = {
  id: 820982911946154500,
  name: "#1001",
  email: "o'neil@example.com",
  created_at: "2026-03-01T23:30:00-05:00",
  currency: "USD",
  test: false,
  customer: { first_name: "Ann", last_name: "O'Neil" },
  line_items: [
    { title: "Mug", sku: "MUG", quantity: 3, price: "0.10" },
    { title: "Mug", sku: "MUG", quantity: 1, price: "0.10" },
    { title: "Shirt", sku: "SHIRT", quantity: 1, price: "19.99" },
  ],
  shipping_lines: [{ title: "Standard", price: "5.00" }],
  discount_codes: [{ code: "SPRING", amount: "2.00" }],
  total_tax: "1.25",
};

async function deployed(quickbooks: FakeQuickBooks) {
  const interpreter = await MemoryInterpreter.newInstance({
    fetch: (system, request) => {
      assert.equal(system, "quickbooks");
      return quickbooks.answer(request);
    },
  });
  interpreter.register(shopifyOrdersToQuickbooks);
  const run = async (order: unknown) =>
    (await interpreter.invoke("shopify-orders-to-quickbooks", order))
      .data as Body;
  return { interpreter, run };
}

Deno.test("an order becomes one receipt, its customer and items are made once", async () => {
  const quickbooks = new FakeQuickBooks();
  const { run, interpreter } = await deployed(quickbooks);
  assert.equal((await run(ORDER)).status, "written");
  assert.equal(quickbooks.created.Customer!.length, 1);
  assert.equal(quickbooks.created.Item!.length, 2);
  const [receipt] = quickbooks.created.SalesReceipt as {
    Line: Body[];
    TxnDate: string;
  }[];
  assert.equal(receipt!.TxnDate, "2026-03-01");
  assert.deepEqual(receipt!.Line.map((line) => line.Amount), [
    0.3,
    0.1,
    19.99,
    5,
    2,
  ]);
  assert.deepEqual(interpreter.issues, []);
  assert.ok(
    quickbooks.queries.some((query) => query.includes("o\\'neil")),
    "quotes are escaped",
  );
});

Deno.test("the same order again, or twice at once, changes nothing", async () => {
  const quickbooks = new FakeQuickBooks();
  const { run } = await deployed(quickbooks);
  const outcomes = await Promise.all([run(ORDER), run(ORDER), run(ORDER)]);
  outcomes.push(await run(ORDER));
  assert.equal(quickbooks.created.SalesReceipt!.length, 1);
  assert.equal(new Set(outcomes.map(({ id }) => id)).size, 1);
});

Deno.test("orders of one new customer at once make that customer once", async () => {
  const quickbooks = new FakeQuickBooks();
  const { run } = await deployed(quickbooks);
  await Promise.all([1, 2, 3].map((id) => run({ ...ORDER, id })));
  assert.equal(quickbooks.created.SalesReceipt!.length, 3);
  assert.equal(quickbooks.created.Customer!.length, 1);
  assert.equal(quickbooks.created.Item!.length, 2);
});

Deno.test("a test order is skipped before anything is asked", async () => {
  const quickbooks = new FakeQuickBooks();
  const { run } = await deployed(quickbooks);
  assert.equal((await run({ ...ORDER, test: true })).status, "skipped");
  assert.deepEqual(quickbooks.requests, []);
});

Deno.test("a crash between the write and its mark writes nothing twice", async () => {
  const quickbooks = new FakeQuickBooks();
  await (await deployed(quickbooks)).run(ORDER);
  await (await deployed(quickbooks)).run(ORDER); // another process, which has no mark
  assert.equal(quickbooks.created.SalesReceipt!.length, 1);
});

Deno.test("refused for a while, it waits and goes on", async () => {
  let left = 2;
  const quickbooks = new FakeQuickBooks(({ method }) =>
    method === "POST" && left-- > 0
      ? new Response("", { status: 429, headers: { "Retry-After": "0" } })
      : undefined
  );
  const { run, interpreter } = await deployed(quickbooks);
  assert.equal((await run(ORDER)).status, "written");
  assert.equal(
    interpreter.logs.filter(({ level }) => level === "warn").length,
    2,
  );
  assert.equal(quickbooks.created.SalesReceipt!.length, 1);
});

Deno.test("an answer lost on the way back is asked for again, with the same key", async () => {
  const lost = new Set<string>();
  const quickbooks = new FakeQuickBooks();
  const answer = quickbooks.answer.bind(quickbooks);
  quickbooks.answer = async (request) => {
    const response = await answer(request);
    if (request.method === "GET" || lost.has(new URL(request.url).pathname)) {
      return response;
    }
    lost.add(new URL(request.url).pathname);
    throw new TypeError("connection reset");
  };
  const { run } = await deployed(quickbooks);
  assert.equal((await run(ORDER)).status, "written");
  assert.equal(quickbooks.created.SalesReceipt!.length, 1);
  assert.equal(quickbooks.created.Customer!.length, 1);
});

const fault = (code: string) => ({
  Fault: { type: "ValidationFault", Error: [{ code }] },
});

Deno.test("an answer that says OK but carries a fault fails the execution", async () => {
  const quickbooks = new FakeQuickBooks(({ url }) =>
    url.pathname === "/salesreceipt" ? Response.json(fault("6000")) : undefined
  );
  const { run, interpreter } = await deployed(quickbooks);
  await assert.rejects(run(ORDER), /business rule/);
  await assert.rejects(
    run(ORDER),
    /business rule/,
    "nothing was marked as done",
  );
  assert.deepEqual(
    interpreter.issues,
    [],
    "a record's own mistake is no issue",
  );
  const failure = interpreter.logs.find(({ level, message }) =>
    level === "error" && message === "Record could not be written"
  );
  assert.equal(failure?.fields.record, String(ORDER.id));
});

Deno.test("a customer made by somebody else in between is found", async () => {
  let raced = false;
  const quickbooks: FakeQuickBooks = new FakeQuickBooks(({ url }) => {
    if (url.pathname !== "/customer" || raced) return undefined;
    raced = true;
    quickbooks.created.Customer!.push({
      Id: "theirs",
      PrimaryEmailAddr: { Address: ORDER.email },
    });
    return Response.json(fault("6240"), { status: 400 });
  });
  const { run } = await deployed(quickbooks);
  await run(ORDER);
  const [receipt] = quickbooks.created.SalesReceipt as { CustomerRef: Body }[];
  assert.deepEqual(receipt!.CustomerRef, { value: "theirs" });
});

Deno.test("access refused: the execution fails, and a person is told once", async () => {
  const quickbooks = new FakeQuickBooks(() =>
    new Response("{}", { status: 403 })
  );
  const { run, interpreter } = await deployed(quickbooks);
  await assert.rejects(run(ORDER));
  await assert.rejects(run({ ...ORDER, id: 2 }));
  assert.equal(quickbooks.requests.length, 2, "it is not repeated");
  assert.deepEqual(interpreter.issues.map(({ title }) => title), [
    "QuickBooks Online refuses access",
  ]);
});

Deno.test("an event without an order fails", async () => {
  const { run } = await deployed(new FakeQuickBooks());
  for (const event of [null, {}, [], "order", 5]) {
    await assert.rejects(run(event), /no order/);
  }
});
