/**
 * Workflows in this process, on nothing but memory: for development and tests.
 *
 * @module
 */

import { fromResponse, toResponse } from "./fetch.ts";
import type { Host, Method, Params, Returns } from "./host.ts";
import { MemoryKeyValue } from "./memory_kv.ts";
import type { Invoke, IssueParams, Json, LogMessage, RequestMessage } from "./protocol.ts";
import { Registry } from "./registry.ts";
import { fromErrorMessage, toJson } from "./values.ts";
import type { Workflow } from "./workflow.ts";

/** Answers a request that an `http` task sends; the path is relative to the base URL. */
export type SystemFetch = (system: string, request: Request) => Response | Promise<Response>;

export interface MemoryOptions {
  fetch?: SystemFetch;
  /** Of the activation. */
  variables?: Record<string, Json>;
}

/** What an invocation gave: the output, and the answer where the webhook makes one. */
export interface MemoryOutcome {
  data: unknown;
  response?: Response;
}

type Answers = { [M in Method]?: (execution: string, params: Params<M>) => unknown };

export class MemoryInterpreter implements Host {
  readonly issues: IssueParams[] = [];
  readonly logs: LogMessage[] = [];
  private readonly registry = new Registry();
  private readonly kv = new MemoryKeyValue();
  private readonly variables: Record<string, Json>;
  private executions = 0;

  private constructor(private readonly options: MemoryOptions) {
    this.variables = { ...options.variables };
  }

  static newInstance(options: MemoryOptions = {}): Promise<MemoryInterpreter> {
    return Promise.resolve(new MemoryInterpreter(options));
  }

  register(workflow: Workflow<unknown>): void {
    this.registry.register(workflow);
  }

  /** There is nothing to wait for: workflows run when they are invoked. */
  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Runs a workflow. Throws what it did not catch. */
  async invoke(workflow: string, data?: unknown, request?: RequestMessage): Promise<MemoryOutcome> {
    const invoke: Invoke = {
      type: "invoke",
      id: `execution-${++this.executions}`,
      workflow,
      data: toJson(data),
      ...(request ? { request } : {}),
      activation: { id: "static", user: { id: "static" }, variables: this.variables },
    };
    const result = await this.registry.run(invoke, this);
    const response = result.response && toResponse(result.response);
    if (!result.ok && !response) throw fromErrorMessage(result.error);
    return { data: result.ok ? result.data : null, ...(response ? { response } : {}) };
  }

  log(message: LogMessage): void {
    this.logs.push(message);
  }

  async call<M extends Method>(
    execution: string,
    method: M,
    params: Params<M>,
  ): Promise<Returns<M>> {
    const answer: Answers[M] = this.answers[method];
    if (!answer) throw new Error(`"${method}" needs a runner: it is not available in memory.`);
    return await answer(execution, params) as Returns<M>;
  }

  private readonly answers: Answers = {
    "fetch": (_execution, params) => this.fetch(params),
    "kv.get": (execution, params) => this.kv.get(execution, params),
    "kv.set": (execution, params) => this.kv.set(execution, params),
    "kv.delete": (execution, params) => this.kv.delete(execution, params),
    "kv.list": (execution, params) => this.kv.list(execution, params),
    "kv.count": (execution, params) => this.kv.count(execution, params),
    "kv.destroy": (execution, params) => this.kv.destroy(execution, params),
    "issue": (_execution, issue) => this.raise(issue),
    "variable.set": (_execution, { name, value }) => {
      this.variables[name] = value;
      return null;
    },
  };

  private async fetch(params: Params<"fetch">): Promise<Returns<"fetch">> {
    if (!this.options.fetch) throw new Error("Give newInstance() a `fetch` that answers.");
    const { system, path, method, headers, body } = params;
    const url = new URL(path, `http://${system}.invalid`);
    const request = new Request(url, { method, headers, body });
    return fromResponse(await this.options.fetch(system, request));
  }

  private raise(issue: IssueParams): { id: string } | null {
    const stands = this.issues.some(({ severity, title }) =>
      severity === issue.severity && title === issue.title
    );
    if (issue.deduplicate && stands) return null;
    this.issues.push(issue);
    return { id: `issue-${this.issues.length}` };
  }
}
