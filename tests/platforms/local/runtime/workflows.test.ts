import { deepStrictEqual, match, rejects, strictEqual, throws } from "node:assert/strict";
import {
  type Context,
  fn,
  http,
  MemoryInterpreter,
  schedule,
  webhook,
  workflow,
} from "@versori/run";

interface Order {
  id: number;
  lines: { price: string }[];
}

Deno.test("each task takes what the one before gave", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    webhook("total")
      .then(fn("prices", ({ data }: Context<Order>) => data.lines.map(({ price }) => price)))
      .then(fn("sum", ({ data }) => data.reduce((total, price) => total + Number(price), 0)))
      .then(fn("wrap", async (ctx) => ({ total: await Promise.resolve(ctx.data) }))),
  );
  const order: Order = { id: 1, lines: [{ price: "1.50" }, { price: "2" }] };
  deepStrictEqual((await interpreter.invoke("total", order)).data, { total: 3.5 });
});

Deno.test("a catch takes the error, raises an issue, and the chain goes on", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  const skipped: string[] = [];
  interpreter.register(
    webhook("fragile")
      .then(fn("fail", ({ data }): number => {
        if (data.valid) return 1;
        throw new RangeError("not valid");
      }))
      .then(fn("skipped", ({ data }) => {
        skipped.push("ran");
        return data;
      }))
      .catch(fn("mend", (ctx) => {
        strictEqual(ctx.error, ctx.data);
        return `${ctx.data.name}: ${ctx.data.message}`;
      }))
      .then(fn("after", ({ data }) => [data])),
  );
  deepStrictEqual((await interpreter.invoke("fragile", {})).data, ["RangeError: not valid"]);
  deepStrictEqual(skipped, []);
  deepStrictEqual(interpreter.issues.map(({ title, message }) => [title, message]), [
    ["Workflow fragile failed", "not valid"],
  ]);
  deepStrictEqual((await interpreter.invoke("fragile", { valid: true })).data, [1]);
});

Deno.test("a catch may be a plain function, and may throw again", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    schedule("again", "0 * * * *")
      .then(fn("fail", () => {
        throw "just text";
      }))
      .catch(({ data, error, log }) => {
        log.error("Failed", { error });
        throw new TypeError(`again: ${data.message}`);
      }),
  );
  await rejects(interpreter.invoke("again"), { name: "TypeError", message: "again: just text" });
  deepStrictEqual(interpreter.logs[0]?.fields, { error: { name: "Error", message: "just text" } });
});

Deno.test("chains share a beginning without sharing an end", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  const start = webhook("shared").then(fn("one", () => 1));
  start.then(fn("unregistered", () => 2));
  interpreter.register(start);
  strictEqual((await interpreter.invoke("shared")).data, 1);
});

Deno.test("what JSON can't carry is an error that names the task", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(webhook("big").then(fn("count", () => 1n)));
  await rejects(interpreter.invoke("big"), /Task "count" returned what JSON can't carry/);
});

Deno.test("a webhook may say itself how it answers", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    webhook("answering", {
      response: {
        mode: "sync",
        onSuccess: ({ data }) => Response.json(data, { status: 201 }),
        onError: ({ data }) => new Response(data.message, { status: 422 }),
      },
    }).then(fn("run", ({ data }) => {
      if (data === null) throw new Error("empty");
      return { got: data };
    })),
  );
  const { response } = await interpreter.invoke("answering", "x");
  strictEqual(response?.status, 201);
  deepStrictEqual(await response?.json(), { got: "x" });
  const failed = await interpreter.invoke("answering", null);
  strictEqual(failed.response?.status, 422);
  strictEqual(await failed.response?.text(), "empty");
});

Deno.test("a raw body is in the request alone", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  const request = {
    method: "POST",
    path: "/hooks/raw",
    headers: { "X-Signature": "abc" },
    query: {},
    raw_body: '{"a": 1}',
  };
  const read = fn("read", (ctx: Context<unknown>) => ({
    data: ctx.data ?? "none",
    body: ctx.request()?.body,
    signature: ctx.request()?.get("x-signature"),
  }));
  interpreter.register(webhook("raw", { request: { rawBody: true } }).then(read));
  interpreter.register(webhook("parsed").then(read));
  deepStrictEqual((await interpreter.invoke("raw", { a: 1 }, request)).data, {
    data: "none",
    body: '{"a": 1}',
    signature: "abc",
  });
  deepStrictEqual((await interpreter.invoke("parsed", { a: 1 }, request)).data, {
    data: { a: 1 },
    body: { a: 1 },
    signature: "abc",
  });
});

Deno.test("a schedule runs only for whom its predicate admits", async () => {
  const interpreter = await MemoryInterpreter.newInstance({ variables: { enabled: false } });
  interpreter.register(
    schedule("picky", "0 0 * * *", (activation) => activation?.getVariable("enabled") === true)
      .then(fn("run", () => "ran")),
  );
  strictEqual((await interpreter.invoke("picky")).data, null);
});

Deno.test("triggers declare what the runner needs", () => {
  deepStrictEqual(webhook("a", { method: "post", connection: "shop" }).declaration(), {
    id: "a",
    kind: "webhook",
    method: "post",
    response: { mode: "sync" },
    raw_body: false,
    connection: "shop",
  });
  deepStrictEqual(schedule("b", "0 0 * * *", "all").declaration(), {
    id: "b",
    kind: "schedule",
    cron: "0 0 * * *",
    activations: "all",
  });
  deepStrictEqual(workflow("c", { ttl: 60, limit: 2, maxAttempts: 5 }).declaration(), {
    id: "c",
    kind: "workflow",
    ttl: 60,
    limit: 2,
    max_attempts: 5,
  });
});

Deno.test("ids are unique, and fit into an address", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(webhook("same"));
  throws(() => interpreter.register(schedule("same", "0 0 * * *")), /Two workflows/);
  for (const id of ["", "a b", "../a", "a/b", "a?b"]) throws(() => webhook(id), /can't be/);
  await rejects(interpreter.invoke("other"), /There is no workflow "other"/);
});

Deno.test("an http task needs the given fetch, and nothing else", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    webhook("call").then(http("get", { connection: "shop" }, ({ fetch }) => fetch("/x"))),
  );
  await rejects(interpreter.invoke("call"), (error: Error) => {
    match(error.message, /`fetch`/);
    return true;
  });
});

Deno.test("a step may be a plain function", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    webhook("plain")
      .then(({ data }: Context<number[]>) => data.length)
      .then((ctx) => ({ count: ctx.data })),
  );
  deepStrictEqual((await interpreter.invoke("plain", [1, 2, 3])).data, { count: 3 });
});

Deno.test("the chain does not wait for a background task, but its failure is logged", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  const order: string[] = [];
  interpreter.register(
    webhook("background")
      .then(
        fn("slow", async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push("slow");
          throw new Error("too late");
        }).background(),
      )
      .then(({ data }) => {
        order.push("next");
        return { before: data === undefined };
      }),
  );
  deepStrictEqual((await interpreter.invoke("background")).data, { before: true });
  deepStrictEqual(order, ["next", "slow"]);
  strictEqual(interpreter.logs[0]?.message, "Background task failed");
});
