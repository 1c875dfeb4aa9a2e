import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import {
  type Context,
  type ContextFunc,
  fn,
  http,
  type HttpContextFunc,
  KVNotFoundError,
  MemoryInterpreter,
  type MemoryOptions,
  webhook,
} from "@versori/run";

/** Runs a callback as the only task of a workflow. */
async function inTask<Out>(callback: ContextFunc<unknown, Out>, options?: MemoryOptions) {
  const interpreter = await MemoryInterpreter.newInstance(options);
  interpreter.register(webhook("one").then(fn("only", callback)));
  const { data } = await interpreter.invoke("one");
  return { data, interpreter };
}

/** Runs a callback as an http task; gives what was requested, too. */
async function inHttpTask<Out>(
  callback: HttpContextFunc<unknown, Out>,
  answer: (request: Request) => Response = () => new Response("ok"),
) {
  const requests: { system: string; request: Request }[] = [];
  const interpreter = await MemoryInterpreter.newInstance({
    fetch(system, request) {
      requests.push({ system, request });
      return answer(request);
    },
  });
  interpreter.register(webhook("one").then(http("only", { connection: "shop" }, callback)));
  const { data } = await interpreter.invoke("one");
  return { data, requests };
}

Deno.test("values are kept as JSON, by scope and key", async () => {
  await inTask(async ({ openKv }) => {
    const workspace = openKv(":workspace:");
    await workspace.set(["users", "1"], { name: "Ada" });
    await workspace.set("users", "plain");
    deepStrictEqual(await workspace.get(["users", "1"]), { name: "Ada" });
    strictEqual(await workspace.get("users"), "plain");
    strictEqual(await openKv().get(["users", "1"]), undefined);
    await workspace.delete(["users", "1"]);
    strictEqual(await workspace.get(["users", "1"]), undefined);
  });
});

Deno.test("a missing key gives the default, or throws where asked to", async () => {
  await inTask(async ({ openKv }) => {
    const kv = openKv(":project:");
    strictEqual(await kv.get("none", { defaultValue: 7 }), 7);
    await rejects(kv.get("none", { throwOnNotFound: true }), KVNotFoundError);
    await kv.set("nothing", null);
    strictEqual(await kv.get("nothing", { defaultValue: 7 }), null);
  });
});

Deno.test("listing goes by prefix and page", async () => {
  await inTask(async ({ openKv, destroy }) => {
    const kv = openKv(":workspace:");
    for (const id of ["3", "1", "2"]) await kv.set(["users", id], Number(id));
    await kv.set(["other"], 0);
    const first = await kv.list(["users"], { options: { limit: 2 } });
    deepStrictEqual(first.data.map(({ key, value }) => [key, value]), [
      [["users", "1"], 1],
      [["users", "2"], 2],
    ]);
    const after = first.pagination.nextCursor;
    const second = await kv.list(["users"], { options: { limit: 2 }, selector: { after } });
    deepStrictEqual(second.data.map(({ value }) => value), [3]);
    strictEqual(second.pagination.nextCursor, "");
    const reversed = await kv.list([], { options: { reverse: true } });
    deepStrictEqual(reversed.data.map(({ value }) => value), [3, 2, 1, 0]);
    deepStrictEqual(await kv.count(["users"]), { count: 3 });
    await destroy(":workspace:");
    deepStrictEqual(await kv.count([]), { count: 0 });
  });
});

Deno.test("an execution's own store ends with it", async () => {
  const interpreter = await MemoryInterpreter.newInstance();
  interpreter.register(
    webhook("count").then(fn("add", async ({ openKv }) => {
      const counts: unknown[] = [];
      for (const scope of [":execution:", ":workspace:"] as const) {
        const kv = openKv(scope);
        const count = (await kv.get<number>("count") ?? 0) + 1;
        await kv.set("count", count);
        counts.push(count);
      }
      return counts;
    })),
  );
  deepStrictEqual((await interpreter.invoke("count")).data, [1, 1]);
  deepStrictEqual((await interpreter.invoke("count")).data, [1, 2]);
});

Deno.test("entries expire", async () => {
  await inTask(async ({ openKv }) => {
    await openKv().set("short", 1, { expireIn: 0 });
    strictEqual(await openKv().get("short"), undefined);
  });
});

Deno.test("odd scopes and keys are refused", async () => {
  await inTask(async ({ openKv }) => {
    throws(() => openKv(":galaxy:" as ":project:"), /No KV scope ":galaxy:"/);
    await rejects(openKv().get([]), /A key is/);
    await rejects(openKv().set([1 as unknown as string], 1), /A key is/);
  });
});

Deno.test("log lines carry their fields, and logging never throws", async () => {
  const { interpreter } = await inTask(({ log, executionId }) => {
    const child = log.child({ orderId: "7", source: "webhook" });
    child.info("Prepared", { source: "task", lines: 2 });
    child.warn("Odd", { error: new RangeError("no"), big: 1n, nothing: undefined });
    log.debug("Plain");
    return executionId;
  });
  deepStrictEqual(interpreter.logs.map(({ level, message, fields }) => [level, message, fields]), [
    ["info", "Prepared", { orderId: "7", source: "task", lines: 2 }],
    ["warn", "Odd", {
      orderId: "7",
      source: "webhook",
      error: { name: "RangeError", message: "no" },
      big: "1",
      nothing: null,
    }],
    ["debug", "Plain", {}],
  ]);
  deepStrictEqual(new Set(interpreter.logs.map(({ execution }) => execution)).size, 1);
});

Deno.test("issues of one severity and title are one, unless told otherwise", async () => {
  const issue = { severity: "high", title: "Down", message: "503", annotations: {} } as const;
  const { data, interpreter } = await inTask(async ({ createIssue }) => [
    (await createIssue(issue))?.title,
    await createIssue({ ...issue, message: "504" }),
    (await createIssue(issue, { deduplicate: false }))?.message,
  ]);
  deepStrictEqual(data, ["Down", null, "503"]);
  strictEqual(interpreter.issues.length, 2);
});

Deno.test("variables are read from the activation, and kept", async () => {
  const interpreter = await MemoryInterpreter.newInstance({ variables: { since: "2026-01-01" } });
  interpreter.register(
    webhook("vary").then(fn("vary", async ({ activation }: Context<unknown>) => {
      const seen = [activation.getVariable("since"), activation.getVariable("none") ?? "none"];
      await activation.setVariable("since", "2026-02-02");
      return [...seen, activation.getVariable("since"), activation.user.id];
    })),
  );
  deepStrictEqual((await interpreter.invoke("vary")).data, [
    "2026-01-01",
    "none",
    "2026-02-02",
    "static",
  ]);
  strictEqual(((await interpreter.invoke("vary")).data as string[])[0], "2026-02-02");
});

Deno.test("what needs a runner says so", async () => {
  await inTask(async ({ credentials, start, workflowClient, request }) => {
    await rejects(credentials().getAccessToken("shop"), /"credentials" needs a runner/);
    await rejects(start("other", { data: {} }), /"workflow.start" needs a runner/);
    await rejects(workflowClient().getWorkflowById("1"), /"workflow.get" needs a runner/);
    strictEqual(request(), undefined);
  });
});

Deno.test("fetch sends over the connection's system", async () => {
  const { data, requests } = await inHttpTask(async ({ fetch }) => {
    const response = await fetch("/orders.json?limit=5&q=a%20b", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Key": "1" },
      body: JSON.stringify({ name: "Zoë" }),
    });
    return [response.status, response.headers.get("x-count"), await response.json()];
  }, () => Response.json([1], { status: 201, headers: { "X-Count": "1" } }));
  deepStrictEqual(data, [201, "1", [1]]);
  const { system, request } = requests[0]!;
  const { pathname, search } = new URL(request.url);
  deepStrictEqual([system, request.method, pathname, search], [
    "shop",
    "POST",
    "/orders.json",
    "?limit=5&q=a%20b",
  ]);
  strictEqual(request.headers.get("x-key"), "1");
  deepStrictEqual(await request.json(), { name: "Zoë" });
});

Deno.test("a path may leave out its first slash, and an address may be whole", async () => {
  const { requests } = await inHttpTask(async ({ fetch }) => {
    await fetch("orders");
    await fetch("?page=2");
    await fetch("https://elsewhere.example/page?after=1");
    await fetch(new Request("https://elsewhere.example/request", { method: "DELETE" }));
    return null;
  });
  deepStrictEqual(requests.map(({ request }) => `${request.method} ${request.url}`), [
    "GET http://shop.invalid/orders",
    "GET http://shop.invalid/?page=2",
    "GET https://elsewhere.example/page?after=1",
    "DELETE https://elsewhere.example/request",
  ]);
});

Deno.test("bodies of bytes come back as they were", async () => {
  const bytes = new Uint8Array([0, 255, 254, 128]);
  const { data } = await inHttpTask(
    async ({ fetch }) => [...new Uint8Array(await (await fetch("/file")).arrayBuffer())],
    () => new Response(bytes),
  );
  deepStrictEqual(data, [...bytes]);
});

Deno.test("an answer without a body is one", async () => {
  const { data } = await inHttpTask(
    async ({ fetch }) => [(await fetch("/x", { method: "DELETE" })).status],
    () => new Response(null, { status: 204 }),
  );
  deepStrictEqual(data, [204]);
});

Deno.test("an aborted request rejects with the reason", async () => {
  await inHttpTask(async ({ fetch }) => {
    await rejects(fetch("/x", { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
    const controller = new AbortController();
    const pending = fetch("/x", { signal: controller.signal });
    controller.abort(new Error("too late"));
    await rejects(pending, /too late/);
    return null;
  });
});

Deno.test("paging by the platform is refused, with what to do", async () => {
  await inHttpTask((ctx) => {
    throws(() => ctx.nextPage({}), /loop over pages/);
    deepStrictEqual(ctx.connectionVariables, {});
    return rejects(ctx.baseUrl, /base URL of "shop"/);
  });
});
