/**
 * One run of a workflow: makes the contexts of its tasks.
 *
 * @module
 */

import { type Activation, createActivation } from "./activation.ts";
import type { Context, HttpContext, Issue, IssueOptions, IssueRequest } from "./context.ts";
import { createCredentials } from "./credentials.ts";
import { createFetch } from "./fetch.ts";
import type { Call, Host } from "./host.ts";
import { openKeyValue } from "./kv.ts";
import { createLogger, type Logger } from "./log.ts";
import type { Invoke } from "./protocol.ts";
import { createRequest, type WebhookRequest } from "./request.ts";
import {
  createWorkflowClient,
  startAsyncWorkflow,
  type WorkflowInterface,
} from "./workflow_client.ts";

export class Execution {
  readonly log: Logger;
  readonly activation: Activation;
  private readonly call: Call;
  private readonly startTime = new Date();
  private readonly client: WorkflowInterface;
  private readonly background: Promise<unknown>[] = [];
  private readonly request: WebhookRequest | undefined;

  constructor(
    private readonly invoke: Invoke,
    host: Host,
    options: { rawBody: boolean } = { rawBody: false },
  ) {
    this.call = (method, params) => host.call(invoke.id, method, params);
    this.log = createLogger((level, message, fields) =>
      host.log({ type: "log", execution: invoke.id, level, message, fields })
    );
    this.client = createWorkflowClient(this.call);
    this.activation = createActivation(this.call, invoke.activation);
    this.request = invoke.request &&
      createRequest(invoke.request, invoke.data, options.rawBody);
  }

  /** What a background task does must end before the runner forgets the execution. */
  keepGoing(task: string, work: Promise<unknown>): void {
    this.background.push(work.catch((error) => {
      this.log.error("Background task failed", { task, error });
    }));
  }

  async backgroundEnded(): Promise<void> {
    await Promise.all(this.background);
  }

  context<Data>(data: Data, error?: Error): Context<Data> {
    const call = this.call;
    return {
      data,
      log: this.log,
      executionId: this.invoke.execution ?? this.invoke.id,
      startTime: this.startTime,
      activation: this.activation,
      ...(this.invoke.instance ? { workflow: this.invoke.instance } : {}),
      ...(error ? { error } : {}),
      openKv: (scope = ":project:") => openKeyValue(call, scope),
      credentials: () => createCredentials(call),
      createIssue: (issue, options) => this.createIssue(issue, options),
      start: (id, options = {}) => startAsyncWorkflow(this.client, id, options),
      workflowClient: () => this.client,
      request: () => this.request,
      destroy: async (scope) => {
        await call("kv.destroy", { scope });
      },
    };
  }

  httpContext<Data, PageParams>(
    data: Data,
    system: string,
    error?: Error,
  ): HttpContext<Data, PageParams> {
    const connection = this.invoke.connections?.[system];
    return {
      ...this.context(data, error),
      fetch: createFetch(this.call, system, connection?.base_url),
      get baseUrl(): Promise<string> {
        return connection
          ? Promise.resolve(connection.base_url)
          : Promise.reject(new Error(`The base URL of "${system}" is not known here.`));
      },
      connectionVariables: connection?.variables ?? {},
      pageParams: undefined,
      nextPage() {
        throw new Error("nextPage() is not available on this platform: loop over pages instead.");
      },
    };
  }

  async createIssue(issue: IssueRequest, options: IssueOptions = {}): Promise<Issue | null> {
    const created = await this.call("issue", {
      ...issue,
      deduplicate: options.deduplicate ?? true,
    });
    return created && { ...issue, id: created.id };
  }
}
